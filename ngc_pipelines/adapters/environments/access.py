"""Environments as buckets, and their users as users of the object store (EN-1, EN-3, G §4.6, §4.8).

Here: making a bucket, opening and closing it, users and their keys. Not here: which files lie in it
(`adapters/provisioning`) and the policy's text (`access_policy`).

Each user is a user of the store's own, named `<bucket>.<HPC user>`, with no rights but those of the bucket's policy.
The key is made here, kept sealed in the vault, and handed over by NGC in person: it is in no mail, log or event.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ngc_pipelines.adapters.environments.access_policy import access_policy, policy_digest
from ngc_pipelines.adapters.object_store.clients import iam_client, s3_client
from ngc_pipelines.adapters.object_store.faults import code_of, is_absent, store_answers
from ngc_pipelines.adapters.pseudonym_vault.vault import Credential, PseudonymVault
from ngc_pipelines.domain.errors import Fault, Refused

if TYPE_CHECKING:
    from ngc_pipelines.settings import ObjectStore

_LONGEST_USER_NAME = 64  # of IAM


class Environments:
    """The environments of a site. `name` is everywhere an environment's name, e.g. `exh-2026-00001`.

    Every method may be repeated. Raises Unavailable where the store does not do what is asked.
    """

    def __init__(self, store: ObjectStore, vault: PseudonymVault) -> None:
        self._s3 = s3_client(store)
        self._iam: Any = iam_client(store)  # its calls are made from a description at run time
        self._prefix = store.environment_prefix
        self._networks = tuple(part.strip() for part in store.environment_networks.split(",") if part.strip())
        self._vault = vault

    def bucket(self, name: str) -> str:
        """The bucket of an environment."""
        return f"{self._prefix}{name}"

    def create(self, name: str) -> str:
        """Make the environment's bucket, with versioning and closed to everybody; give its name."""
        bucket = self.bucket(name)
        with store_answers("An environment was made"):
            try:
                self._s3.create_bucket(Bucket=bucket)
            except (self._s3.exceptions.BucketAlreadyOwnedByYou, self._s3.exceptions.BucketAlreadyExists) as error:
                if code_of(error) == "BucketAlreadyExists":
                    self._s3.head_bucket(Bucket=bucket)  # refused where it is somebody else's
            self._s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket

    def exists(self, name: str) -> bool:
        """Whether the environment has a bucket."""
        with store_answers("An environment was looked up"):
            try:
                self._s3.head_bucket(Bucket=self.bucket(name))
            except self._s3.exceptions.ClientError as error:
                if is_absent(error):
                    return False
                raise
        return True

    def is_versioned(self, name: str) -> bool:
        """Whether the bucket keeps versions."""
        with store_answers("An environment's versioning was read"):
            return self._s3.get_bucket_versioning(Bucket=self.bucket(name)).get("Status") == "Enabled"

    def grant(self, name: str, user: str) -> None:
        """Give a user a key of the environment's own, if there is none yet. What the user may do is the policy's."""
        full_name = self._full_name(name, user)
        with store_answers("A user of an environment was made"):
            try:
                self._iam.create_user(UserName=full_name)
            except self._iam.exceptions.EntityAlreadyExistsException:
                kept = self._vault.credential(name, user)
                if kept is not None and kept.access_key in self._keys(full_name):
                    return
            # A key whose secret was not kept, because a run was stopped just then, is of no use to anybody.
            for access_key in self._keys(full_name):
                self._iam.delete_access_key(UserName=full_name, AccessKeyId=access_key)
            key = self._iam.create_access_key(UserName=full_name)["AccessKey"]
        self._vault.keep_credential(name, user, Credential(key["AccessKeyId"], key["SecretAccessKey"]))

    def open_for(self, name: str, users: Sequence[str]) -> str:
        """Let exactly these users, who have keys, read the environment; gives the policy's digest.

        No users: the environment is closed for the whole project.
        """
        policy = self.policy_for(name, users)
        bucket = self.bucket(name)
        with store_answers("An environment was opened or closed"):
            if policy is None:
                try:
                    self._s3.delete_bucket_policy(Bucket=bucket)
                except self._s3.exceptions.ClientError as error:
                    if code_of(error) != "NoSuchBucketPolicy":
                        raise
            else:
                self._s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
        return policy_digest(policy)

    def policy_for(self, name: str, users: Sequence[str]) -> dict[str, Any] | None:
        """The policy that `open_for` would set; the users must have keys."""
        with store_answers("The users of an environment were looked up"):
            arns = [
                str(self._iam.get_user(UserName=self._full_name(name, user))["User"]["Arn"]) for user in sorted(users)
            ]
        return access_policy(self.bucket(name), arns, self._networks)

    def policy(self, name: str) -> dict[str, Any] | None:
        """The policy that the bucket has; None where it has none, and so lets nobody in."""
        with store_answers("An environment's policy was read"):
            try:
                found = self._s3.get_bucket_policy(Bucket=self.bucket(name))
            except self._s3.exceptions.ClientError as error:
                if code_of(error) == "NoSuchBucketPolicy":
                    return None
                raise
        policy: dict[str, Any] = json.loads(found["Policy"])
        return policy

    def users(self, name: str) -> tuple[str, ...]:
        """The users who have a key of this environment, whether it is open for them or not."""
        begin = f"{self.bucket(name)}."
        with store_answers("The users of an environment were listed"):
            return tuple(
                sorted(
                    full.removeprefix(begin) for full in self._all_users() if full.startswith(begin) and full != begin
                )
            )

    def admitted(self, name: str) -> tuple[str, ...]:
        """The users for whom the environment is open now."""
        policy = self.policy(name) or {}
        arns = {
            arn
            for statement in policy.get("Statement", [])
            if statement.get("Effect") == "Allow" and isinstance(statement.get("Principal"), dict)
            for arn in _names(statement["Principal"].get("AWS", []))
        }
        begin = f"{self.bucket(name)}."
        names = {arn.rpartition("/")[2] for arn in arns}
        return tuple(sorted(full.removeprefix(begin) for full in names if full.startswith(begin)))

    def has_other_rights(self, name: str, user: str) -> bool:
        """Whether the user has rights, groups or keys that were not given here."""
        full_name = self._full_name(name, user)
        kept = self._vault.credential(name, user)
        with store_answers("A user's rights were read"):
            own = self._iam.list_user_policies(UserName=full_name)["PolicyNames"]
            attached = self._iam.list_attached_user_policies(UserName=full_name)["AttachedPolicies"]
            groups = self._iam.list_groups_for_user(UserName=full_name)["Groups"]
            keys = self._keys(full_name)
        return bool(own or attached or groups) or keys != [kept.access_key if kept else None]

    def close_for(self, name: str, user: str) -> None:
        """Close the environment for one user, whose key remains (SA-1); `open_for` lets the user in again."""
        self.open_for(name, [other for other in self.admitted(name) if other != user])

    def close(self, name: str) -> None:
        """Close the environment for the whole project; keys remain."""
        self.open_for(name, [])

    def withdraw(self, name: str, user: str) -> None:
        """Take a user's access for good: out of the policy, the key and the user gone, the credential forgotten."""
        if user in self.admitted(name):
            self.close_for(name, user)
        full_name = self._full_name(name, user)
        with store_answers("A user of an environment was removed"):
            try:
                for access_key in self._keys(full_name):
                    self._iam.delete_access_key(UserName=full_name, AccessKeyId=access_key)
                self._iam.delete_user(UserName=full_name)
            except self._iam.exceptions.NoSuchEntityException:
                pass
        self._vault.forget_credential(name, user)

    def hand_over(self, name: str, user: str) -> Credential:
        """The user's credential, for the case officer who hands it over; raises Refused where there is none."""
        credential = self._vault.credential(name, user)
        if credential is None:
            raise Refused(
                [
                    Fault(
                        "EN-3",
                        f"user {user}",
                        "Brugeren har ingen adgang til dette miljø.",
                        "The user has no access to this environment.",
                    )
                ],
                tried="A credential was handed over",
                remedy="The PI approves the user first; then access is granted.",
            )
        return credential

    def _full_name(self, name: str, user: str) -> str:
        full_name = f"{self.bucket(name)}.{user}"
        if len(full_name) > _LONGEST_USER_NAME:
            raise Refused(
                [
                    Fault(
                        "EN-3",
                        f"user {user}",
                        "Brugernavnet er for langt.",
                        f"With the environment's name it has more than {_LONGEST_USER_NAME} characters.",
                    )
                ],
                tried="A user of an environment was named",
                remedy="Give the user a shorter HPC user name.",
            )
        return full_name

    def _keys(self, full_name: str) -> list[str]:
        found = self._iam.list_access_keys(UserName=full_name)["AccessKeyMetadata"]
        return [key["AccessKeyId"] for key in found]

    def _all_users(self) -> Iterator[str]:
        for page in self._iam.get_paginator("list_users").paginate():
            for user in page["Users"]:
                yield user["UserName"]


def _names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)

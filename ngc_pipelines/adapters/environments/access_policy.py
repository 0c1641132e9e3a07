"""The bucket policy of an environment: who may do what there, and from where (EN-1, EN-3).

Here: the document, and its normal form. Not here: setting it (`access`).
The approved users list and read. Everything that would write, remove, or change rights is denied to them in so many
words, so that a right somebody gives them elsewhere does not reach in. Nobody else is named, and so nobody else gets
in, the public least of all. Where the environment's networks are known, its users are denied from anywhere else:
taking data out needs a way out of those networks, and there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ngc_pipelines.domain.environments import canonical_json, digest_of

_WRITING = ("s3:AbortMultipartUpload", "s3:BypassGovernanceRetention", "s3:Delete*", "s3:Put*", "s3:RestoreObject")
_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def access_policy(bucket: str, user_arns: Sequence[str], networks: Sequence[str] = ()) -> dict[str, Any] | None:
    """The policy that lets exactly these users read; None where there are none: then the bucket has no policy.

    user_arns: as the store names its users. networks: CIDR ranges that the environment's machines are in; empty where
    the store does not see their addresses.
    """
    if not user_arns:
        return None
    users = {"AWS": sorted(user_arns)}
    whole = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    statements: list[dict[str, Any]] = [
        _statement("UsersList", "Allow", users, ["s3:ListBucket"], whole[:1]),
        _statement("UsersRead", "Allow", users, ["s3:GetObject"], whole[1:]),
        _statement("UsersNeverWrite", "Deny", users, list(_WRITING), whole),
    ]
    if networks:
        outside = _statement("OnlyFromInside", "Deny", users, ["s3:*"], whole)
        outside["Condition"] = {"NotIpAddress": {"aws:SourceIp": sorted(networks)}}
        statements.append(outside)
    return {"Version": "2012-10-17", "Statement": statements}


def policy_digest(policy: dict[str, Any] | None) -> str:
    """Digest of a policy's normal form: stores write a list of one as a bare string, and reorder lists."""
    return digest_of(canonical_json(_normal(policy) if policy else None))


def _statement(
    sid: str, effect: str, principal: dict[str, Any], actions: list[str], where: list[str]
) -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Principal": principal, "Action": actions, "Resource": where}


def _normal(policy: dict[str, Any]) -> dict[str, Any]:
    statements = [_normal_statement(statement) for statement in _as_list(policy.get("Statement", []))]
    return {**policy, "Statement": sorted(statements, key=canonical_json)}


def _normal_statement(statement: dict[str, Any]) -> dict[str, Any]:
    normal = dict(statement)
    for name in _LISTS:
        if name in normal:
            normal[name] = sorted(_as_list(normal[name]))
    principal = normal.get("Principal")
    if isinstance(principal, dict):
        normal["Principal"] = {kind: sorted(_as_list(names)) for kind, names in principal.items()}
    condition = normal.get("Condition")
    if isinstance(condition, dict):
        normal["Condition"] = {
            operator: {key: sorted(_as_list(values)) for key, values in keys.items()}
            for operator, keys in condition.items()
        }
    return normal


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]

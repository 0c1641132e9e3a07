"""The S3 object store: `clients` builds every boto3 client of the package.

What is done with objects (copying, hashing, sealing) belongs to the adapters that need it.
"""

"""Provide the wire shapes of records: what stands in a file or an answer, and the records that it means.

Codecs are pure: bytes in, bytes out. Reading and writing files is the providers' work.
"""

"""Provide what keeps records from being synced: the reasons that several kinds of them have."""


def missing(**fields: object) -> list[str]:
    """Return a reason for each field that is None, or a text of nothing but blanks."""
    return [
        f"missing:{name}"
        for name, value in fields.items()
        if value is None or (isinstance(value, str) and not value.strip())
    ]

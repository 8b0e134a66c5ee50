"""Provide ids as Outlook makes them: letters in which case matters, and an end that has to be quoted in addresses."""

from string import ascii_letters


def mint_id(number: int) -> str:
    """Return the id of a running number."""
    letters = ""
    while number:
        number, place = divmod(number, len(ascii_letters))
        letters = ascii_letters[place] + letters
    return f"AAMk{letters}="

"""Provide providers: collections of records behind the protocol :class:`tallystick.ports.Provider`.

:mod:`tallystick.providers.memory` holds them in memory, with the ways and the faults of the real services.
"""

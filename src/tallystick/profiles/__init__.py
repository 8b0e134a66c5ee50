"""Provide the profiles: how five real products sync, as frozen values made of the engine's mechanisms.

Each is a module of small functions; every policy in them can be replaced with ``attrs.evolve``.
"""

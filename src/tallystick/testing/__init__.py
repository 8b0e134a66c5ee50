"""Provide the contracts that integrators prove their own parts against: providers, states and mappings.

A contract tries every promise on a fresh instance and returns :class:`Results`: a table of what held, what is broken,
and what works though it was not declared. No test framework is needed; pytest finds a plugin that knows the results.
"""

from tallystick.testing.check import Failed as Failed
from tallystick.testing.mapping_contract import MappingContract as MappingContract
from tallystick.testing.provider_contract import AsyncProviderContract as AsyncProviderContract
from tallystick.testing.provider_contract import ProviderContract as ProviderContract
from tallystick.testing.results import ContractBroken as ContractBroken
from tallystick.testing.results import Finding as Finding
from tallystick.testing.results import Results as Results
from tallystick.testing.results import Verdict as Verdict
from tallystick.testing.samples import BackDoor as BackDoor
from tallystick.testing.samples import MemoryDoor as MemoryDoor
from tallystick.testing.samples import Samples as Samples
from tallystick.testing.samples import Trouble as Trouble
from tallystick.testing.state_contract import StateContract as StateContract

CONTRACTS = (ProviderContract, AsyncProviderContract, StateContract, MappingContract)
"""Every kind of contract; the pytest plugin knows them by it."""

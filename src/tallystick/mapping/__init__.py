"""Provide mapping rules: lenses onto shared values, how they merge, and a mapping compiled for speed."""

from tallystick.mapping.check import check_mapping as check_mapping
from tallystick.mapping.compile import CompiledMapping as CompiledMapping
from tallystick.mapping.compile import compile_mapping as compile_mapping
from tallystick.mapping.evolve import evolved as evolved
from tallystick.mapping.evolve import field_names as field_names
from tallystick.mapping.evolve import value_of as value_of
from tallystick.mapping.lens import Lens as Lens
from tallystick.mapping.lens import attribute as attribute
from tallystick.mapping.lens import attribute_of as attribute_of
from tallystick.mapping.lens import derived as derived
from tallystick.mapping.lens import key as key
from tallystick.mapping.lens import key_of as key_of
from tallystick.mapping.rule import BOTH_WAYS as BOTH_WAYS
from tallystick.mapping.rule import TO_LEFT as TO_LEFT
from tallystick.mapping.rule import TO_RIGHT as TO_RIGHT
from tallystick.mapping.rule import Direction as Direction
from tallystick.mapping.rule import MergePolicy as MergePolicy
from tallystick.mapping.rule import Rule as Rule
from tallystick.mapping.rule import Shape as Shape
from tallystick.mapping.rule import elements as elements
from tallystick.mapping.rule import rule as rule
from tallystick.mapping.rule import slots as slots

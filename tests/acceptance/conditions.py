"""Truth of CloudFormation conditions: does one set of conditions imply another?

Conditions are formulas over comparisons (`Fn::Equals`). Each distinct comparison is a free variable; two
comparisons of the same operand with different literals are never true together. Everything else is enumerated.
"""

import itertools
import json

MAX_VARIABLES = 12


class TooManyVariables(Exception):
    """The formulas hold more than MAX_VARIABLES comparisons: the question is not answered."""


class Conditions:
    """The `Conditions` section of one template."""

    def __init__(self, template):
        self.section = template.get("Conditions") or {}

    def __contains__(self, name):
        return name in self.section

    def implies(self, premise, alternatives):
        """Whether `premise` makes at least one of `alternatives` true.

        A premise, and each alternative, is a list of literals `(condition name, expected truth)`; all must hold.
        """
        variables = set()
        for name, _ in itertools.chain(premise, *alternatives):
            self._variables({"Condition": name}, variables, ())
        for world in _worlds(sorted(variables)):
            if self._holds(premise, world) and not any(self._holds(a, world) for a in alternatives):
                return False
        return True

    def possible(self, premise):
        """Whether the literals of `premise` can all hold."""
        return not self.implies(premise, [])

    def _holds(self, literals, world):
        return all(self._truth({"Condition": name}, world) == expected for name, expected in literals)

    def _variables(self, formula, found, path):
        operator, operand = _operator(formula)
        if operator == "Condition":
            if operand in self.section and operand not in path:
                self._variables(self.section[operand], found, (*path, operand))
            else:
                found.add(_key(formula))
        elif operator in ("Fn::And", "Fn::Or", "Fn::Not"):
            for part in operand:
                self._variables(part, found, path)
        elif _constant(formula) is None:
            found.add(_key(formula))

    def _truth(self, formula, world):
        key = _key(formula)
        if key in world:
            return world[key]
        operator, operand = _operator(formula)
        if operator == "Condition":
            return self._truth(self.section[operand], world)
        if operator == "Fn::And":
            return all(self._truth(part, world) for part in operand)
        if operator == "Fn::Or":
            return any(self._truth(part, world) for part in operand)
        if operator == "Fn::Not":
            return not self._truth(operand[0], world)
        return _constant(formula)


def _operator(formula):
    """The one key of an intrinsic and what it holds; `(None, formula)` for anything else."""
    if isinstance(formula, dict) and len(formula) == 1:
        return next(iter(formula.items()))
    return None, formula


def _constant(formula):
    """The truth of a comparison of two literals, else None."""
    operator, operand = _operator(formula)
    if operator == "Fn::Equals" and not any(isinstance(o, (dict, list)) for o in operand):
        return str(operand[0]) == str(operand[1])
    return None


def _key(formula):
    """One text for one comparison, whichever way round it is written."""
    operator, operand = _operator(formula)
    if operator == "Fn::Equals" and isinstance(operand, list):
        operand = sorted(operand, key=lambda o: json.dumps(o, sort_keys=True))
    return json.dumps({str(operator): operand}, sort_keys=True)


def _worlds(variables):
    """Every assignment of truth values in which no operand equals two literals at once."""
    if len(variables) > MAX_VARIABLES:
        raise TooManyVariables(f"{len(variables)} comparisons")
    rivals = _rivals(variables)
    for values in itertools.product((False, True), repeat=len(variables)):
        world = dict(zip(variables, values, strict=False))
        if not any(world[a] and world[b] for a, b in rivals):
            yield world


def _rivals(variables):
    """Pairs of comparisons of one operand with two different literals."""
    operands = {}
    for variable in variables:
        operator, operand = _operator(json.loads(variable))
        if operator == "Fn::Equals" and isinstance(operand, list):
            literals = [o for o in operand if not isinstance(o, (dict, list))]
            others = [o for o in operand if isinstance(o, (dict, list))]
            if len(literals) == len(others) == 1:
                operands.setdefault(json.dumps(others[0], sort_keys=True), []).append(variable)
    return [pair for group in operands.values() for pair in itertools.combinations(group, 2)]

"""The values of a template once its stack exists: intrinsics give what the deployed resources are really called."""

import re

PSEUDO = {
    "AWS::AccountId": "000000000000",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = object()
SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


def attribute_name(operand):
    """`Id.Attribute` of the operand of a `Fn::GetAtt`."""
    return operand if isinstance(operand, str) else ".".join(operand)


def attributes(value):
    """Every `Id.Attribute` that a value asks for."""
    if isinstance(value, list):
        return set().union(*map(attributes, value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(attributes(part) for part in value.values()))
    if "Fn::GetAtt" in value:
        found.add(attribute_name(value["Fn::GetAtt"]))
    if "Fn::Sub" in value:
        text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
        found |= {name for literal, name in SUB_VARIABLE.findall(text) if not literal and "." in name}
    return found


class Resolver:
    """Resolves the intrinsics of one template."""

    def __init__(self, template, references, attribute_values):
        self.template = template
        self.references = PSEUDO | references
        self.attribute_values = attribute_values

    def value(self, value):
        """`value` without intrinsics."""
        if isinstance(value, list):
            return [item for item in map(self.value, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, operand = next(iter(value.items()))
            if name == "Ref":
                return NO_VALUE if operand == "AWS::NoValue" else self.references[operand]
            if name.startswith("Fn::"):
                return getattr(self, "_" + name[4:].lower())(operand)
        resolved = {name: self.value(part) for name, part in value.items()}
        return {name: part for name, part in resolved.items() if part is not NO_VALUE}

    def exists(self, resource):
        """Whether the condition of a resource holds."""
        return "Condition" not in resource or self.condition(resource["Condition"])

    def condition(self, name):
        """Whether a condition of the template holds."""
        return self._truth(self.template["Conditions"][name])

    def _truth(self, formula):
        name, operand = next(iter(formula.items()))
        if name == "Condition":
            return self.condition(operand)
        if name == "Fn::Equals":
            left, right = self.value(operand)
            return str(left) == str(right)
        parts = [self._truth(part) for part in operand]
        return {"Fn::Not": lambda: not parts[0], "Fn::And": lambda: all(parts), "Fn::Or": lambda: any(parts)}[name]()

    def _getatt(self, operand):
        return self.attribute_values[attribute_name(operand)]

    def _sub(self, operand):
        text, variables = operand if isinstance(operand, list) else (operand, {})

        def replace(match):
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in variables:
                return str(self.value(variables[name]))
            return str(self.attribute_values[name] if "." in name else self.references[name])

        return SUB_VARIABLE.sub(replace, text)

    def _join(self, operand):
        separator, parts = operand
        return separator.join(map(str, self.value(parts)))

    def _if(self, operand):
        name, then, otherwise = operand
        return self.value(then if self.condition(name) else otherwise)

    def _findinmap(self, operand):
        top, second, third = map(self.value, operand)
        return self.template["Mappings"][top][second][third]

    def _select(self, operand):
        index, items = operand
        return self.value(items)[int(self.value(index))]

    def _split(self, operand):
        separator, text = operand
        return self.value(text).split(separator)

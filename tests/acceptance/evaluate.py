"""What the values of a template come to, as far as that can be said without deploying it.

`Values.text` writes any value as one text, with `${...}` for what only a deployment knows, so that two ways of
writing the same thing (`Ref`, `Fn::Sub`, `Fn::Join`, a parameter's value) compare equal.
"""

import json
import re

REGION = "us-east-1"
ACCOUNT = "123456789012"
PSEUDO = {"AWS::Region": REGION, "AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::URLSuffix": "amazonaws.com"}
# What `Ref` gives, where it is a property that the template may hold.
REF_PROPERTY = {
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::ApiGatewayV2::Stage": "StageName",
    "AWS::Lambda::Function": "FunctionName",
}
SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


def parameter_values(template):
    """The parameters' defaults, in the form in which a macro receives them."""
    values = {}
    for name, parameter in (template.get("Parameters") or {}).items():
        default = parameter.get("Default") if isinstance(parameter, dict) else None
        kind = str(parameter.get("Type")) if isinstance(parameter, dict) else ""
        if default is None or kind.startswith("AWS::SSM::"):
            continue
        text = str(default).lower() if isinstance(default, bool) else str(default)
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        values[name] = [part.strip() for part in text.split(",")] if is_list else text
    return values


class Values:
    """The values of one template under given parameter values."""

    def __init__(self, template, parameters):
        self.template = template
        self.resources = template.get("Resources") or {}
        self.conditions = template.get("Conditions") or {}
        self.known = {**PSEUDO, **parameters}

    def text(self, value):
        """`value` as one text; intrinsics that cannot be resolved stay, as `${...}`."""
        if isinstance(value, dict) and len(value) == 1:
            name, operand = next(iter(value.items()))
            resolve = self._INTRINSICS.get(name)
            if resolve:
                return resolve(self, operand)
        if isinstance(value, (dict, list)):
            return "${" + json.dumps(value, sort_keys=True) + "}"
        if isinstance(value, bool):
            return str(value).lower()
        return _number_text(value) if isinstance(value, (int, float)) else str(value)

    def condition(self, name):
        """True or False where the parameters decide it, else None."""
        return self._truth(self.conditions.get(name))

    def _ref(self, name):
        if name in self.known:
            known = self.known[name]
            return ",".join(known) if isinstance(known, list) else str(known)
        resource = self.resources.get(name)
        kind = resource.get("Type") if isinstance(resource, dict) else None
        given = (resource.get("Properties") or {}).get(REF_PROPERTY.get(kind)) if kind else None
        return self.text(given) if given is not None else "${" + str(name) + "}"

    def _get_att(self, operand):
        path = operand if isinstance(operand, str) else ".".join(str(part) for part in operand)
        return "${" + path + "}"

    def _sub(self, operand):
        text, variables = operand if isinstance(operand, list) else (operand, {})

        def replace(match):
            literal, name = match.groups()
            if literal:
                return "${!" + name + "}"
            if name in variables:
                return self.text(variables[name])
            return self._get_att(name) if "." in name else self._ref(name)

        return SUB_VARIABLE.sub(replace, str(text))

    def _join(self, operand):
        separator, parts = operand
        if not isinstance(parts, list):
            return "${" + json.dumps({"Fn::Join": operand}, sort_keys=True) + "}"
        return str(separator).join(self.text(part) for part in parts)

    def _if(self, operand):
        name, then, otherwise = operand
        truth = self.condition(name)
        if truth is None:
            return "${If " + f"{name}, {self.text(then)}, {self.text(otherwise)}" + "}"
        return self.text(then if truth else otherwise)

    def _find_in_map(self, operand):
        node = self.template.get("Mappings") or {}
        for key in operand[:3]:
            node = node.get(self.text(key)) if isinstance(node, dict) else None
        if node is None:
            return "${" + json.dumps({"Fn::FindInMap": operand}, sort_keys=True) + "}"
        return self.text(node)

    _INTRINSICS = {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::If": _if,
        "Fn::FindInMap": _find_in_map,
    }

    def _truth(self, formula):
        if not isinstance(formula, dict) or len(formula) != 1:
            return None
        name, operand = next(iter(formula.items()))
        if name == "Condition":
            return self.condition(operand)
        if name == "Fn::Equals":
            left, right = (self.text(side) for side in operand)
            return None if "${" in left + right else left == right
        parts = [self._truth(part) for part in operand]
        if name == "Fn::Not":
            return None if parts[0] is None else not parts[0]
        deciding = {"Fn::And": False, "Fn::Or": True}.get(name)
        if deciding is None:
            return None
        return deciding if deciding in parts else None if None in parts else not deciding


def _number_text(value):
    """One text for one number: 5, 5.0 and "5" are the same threshold."""
    return f"{value:g}" if isinstance(value, float) and value != int(value) else str(int(value))

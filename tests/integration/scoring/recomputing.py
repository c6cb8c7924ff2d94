"""Published results, recomputed by plain code of the tests' own, as a reader of the topic would."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any


def recompute(event: Mapping[str, Any]) -> dict[str, tuple[int, list[tuple[int, int, float]]]]:
    """Final rank and stage results of every entry, from the event's data and nothing else.

    What is counted is made of count and formula anew; where nobody gave any, they are the fewest.
    """
    entries: dict[str, list[tuple[int, int, float]]] = {}
    last: dict[str, tuple[int, int]] = {}
    for stage in event["stages"]:
        number, criteria = stage["number"], stage["criteria"]
        weights = sum(each["weight"] for each in criteria)
        heaviest_first = sorted(criteria, key=lambda each: each["weight"], reverse=True)
        found = {}
        for entry in event["results"]["ranking"]:
            for result in entry["stages"]:
                if result["number"] != number:
                    continue
                means = {}
                for rule, each in zip(criteria, result["criteria"], strict=True):
                    points = [Fraction(str(given)) for given in each["points"]]
                    if rule["kind"] == "activity":
                        assert points == [earned(rule, each["counted"])], entry
                    means[each["criterion_id"]] = (
                        sum(points) / len(points) if points else Fraction(rule["scale_min"])
                    )
                total = sum(
                    each["weight"]
                    * (means[each["criterion_id"]] - each["scale_min"])
                    / (each["scale_max"] - each["scale_min"])
                    for each in criteria
                )
                compared = [means[each["criterion_id"]] for each in heaviest_first]
                found[entry["entry_id"]] = [100 * total / weights, *compared]
        for entry_id, standing in found.items():
            rank = 1 + sum(other > standing for other in found.values())
            rounded = float(round(standing[0], 4))
            entries.setdefault(entry_id, []).append((number, rank, rounded))
            last[entry_id] = (-number, rank)
    final = {one: 1 + sum(other < last[one] for other in last.values()) for one in last}
    return {one: (final[one], entries[one]) for one in entries}


def earned(rule: Mapping[str, Any], counted: Mapping[str, int]) -> Fraction:
    """An activity criterion's points, as the contract's description says."""
    formula = rule["activity"]
    doings = (
        counted["contents"] * formula["per_content"]
        + counted["activities"] * formula["per_activity"]
    )
    share = min(Fraction(1), Fraction(doings, formula["target"]))
    return round(rule["scale_min"] + (rule["scale_max"] - rule["scale_min"]) * share, 2)


def stated(data: Mapping[str, Any]) -> dict[str, tuple[int, list[tuple[int, int, float]]]]:
    """What the event says itself."""
    return {
        entry["entry_id"]: (
            entry["rank"],
            [(each["number"], each["rank"], each["total"]) for each in entry["stages"]],
        )
        for entry in data["results"]["ranking"]
    }

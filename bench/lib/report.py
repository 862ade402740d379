"""Tables."""

import statistics

COLUMNS = {
    "rate": ("per s", "{:,.0f}"),
    "cpu_us": ("CPU us each", "{:.1f}"),
    "p50_ms": ("p50 ms", "{:.2f}"),
    "p99_ms": ("p99 ms", "{:.2f}"),
    "gb_s": ("GB/s", "{:.2f}"),
    "cpu_s_gb": ("CPU s/GB", "{:.3f}"),
    "start_mib": ("start MiB", "{:.1f}"),
    "start_anon_mib": ("anon", "{:.1f}"),
    "load_mib": ("loaded MiB", "{:.1f}"),
    "load_anon_mib": ("anon", "{:.1f}"),
    "idle_mib": ("idle MiB", "{:.1f}"),
    "idle_anon_mib": ("anon", "{:.1f}"),
    "kib_per_idle": ("KiB/idle conn", "{:.2f}"),
    "listening_ms": ("listening ms", "{:.0f}"),
    "cpu_ms": ("CPU ms", "{:.0f}"),
    "whole_ms": ("whole ms", "{:.0f}"),
}
# Spread is worth a column where the figure is what one reads.
SPREAD = ("rate", "cpu_us", "gb_s", "cpu_s_gb", "listening_ms")
# Of the ratios, these are better when they are larger; all others when they are smaller.
LARGER = ("rate", "gb_s")
REFERENCE = "haproxy"


def median(values):
    return statistics.median(values)


def spread(values):
    middle = median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for number, row in enumerate(rows):
        lines.append("  ".join(cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
        if number == 0:
            lines.append("  ".join("-" * width for width in widths))
    return "\n".join(lines)


def figures(results):
    names = [name for name in COLUMNS if any(name in values for values in results.values())]
    rows = [["", *(COLUMNS[name][0] for name in names)]]
    for system, values in results.items():
        row = [system]
        for name in names:
            if name not in values or (name in ("cpu_us", "cpu_s_gb") and not any(values[name])):
                row.append("")
                continue
            cell = COLUMNS[name][1].format(median(values[name]))
            if name in SPREAD and len(values[name]) > 1:
                cell += " ~{:.0f}%".format(spread(values[name]) * 100)
            row.append(cell)
        rows.append(row)
    return table(rows)


def balancing(results):
    """What ten endpoints cost beside one: the ratio of the medians, and that of each round of repetitions."""
    one, ten = (results.get(name, {}).get("cpu_us") for name in ("ops-proxy-1", "ops-proxy-10"))
    if not one or not ten:
        return "not both were measured, no ratio"
    rounds = ", ".join("{:.2f}".format(many / single) for single, many in zip(one, ten))
    return "ten endpoints : one, CPU us each: {:.2f} (by repetition: {})".format(median(ten) / median(one), rounds)


def ratios(scenarios, systems):
    """The medians of these systems over HAProxy's, over all scenarios."""
    rows = []
    systems = [system for system in systems if system != REFERENCE and any(system in results for results in scenarios.values())]
    for scenario, results in scenarios.items():
        reference = results.get(REFERENCE)
        if not reference:
            continue
        for name in COLUMNS:
            if name not in reference or name == "kib_per_idle" or "anon" in name or not median(reference[name]):
                continue
            row = [f"{scenario}: {COLUMNS[name][0]}{' (more is better)' if name in LARGER else ''}"]
            for system in systems:
                values = results.get(system, {}).get(name)
                row.append("{:.2f}".format(median(values) / median(reference[name])) if values and any(values) else "")
            rows.append(row)
    if not rows:
        return "no HAProxy, no ratios"
    return table([["times HAProxy", *systems], *rows])

"""Runs the same small graphs on flujo, on LangGraph and in plain asyncio, and shows what a run costs.

All stand in one process and take turns: a window each, in every round begun by another. CPU is that of the whole process (flujo keeps
SQLite busy in a thread), wall is by the clock. The ratio to plain asyncio is taken within a round. All are medians. The garbage
collector runs before each window, and during it as it likes. Every answer is compared with what it must be.
"""

import argparse
import asyncio
import datetime
import gc
import json
import logging
import operator
import os
import platform
import statistics
import sys
import time
from importlib.metadata import version
from typing import Annotated, TypedDict

# What a developer's shell may have set must not decide what is measured.
for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "FLUJO_STATE_URI"):
    os.environ.pop(name, None)

from flujo import Flujo, Pipeline, Step, step
from langgraph.graph import END, START, StateGraph

STEPS, BRANCHES, ROUNDS = 10, 8, 100
WANT = {"seq10": 1 + STEPS, "par8": BRANCHES + sum(range(1, BRANCHES + 1)), "loop100": ROUNDS}
SAYS = {
    "seq10": "ten steps that add 1; the reference awaits ten coroutines",
    "par8": "eight branches at once and the sum of what they return; the reference is asyncio.gather",
    "loop100": "a hundred rounds of one step; the reference awaits a hundred coroutines",
}


def plain():
    """The reference: coroutines, and nothing round them."""

    async def add(n, m=1):
        return n + m

    async def seq10():
        n = 1
        for _ in range(STEPS):
            n = await add(n)
        return n

    async def par8():
        return sum(await asyncio.gather(*(add(1, i + 1) for i in range(BRANCHES))))

    async def loop100():
        n = 0
        while n < ROUNDS:
            n = await add(n)
        return n

    return {"seq10": seq10, "par8": par8, "loop100": loop100}


def flujo(**options):
    """flujo's pipelines. Without options a run is kept in SQLite and traced, which is how flujo comes."""

    def adds(name, m=1):
        @step(name=name)
        async def add(n: int) -> int:
            return n + m

        return add

    chain = adds("n0")
    for i in range(1, STEPS):
        chain = chain >> adds(f"n{i}")
    fork = Step.parallel("fork", {f"n{i}": adds(f"n{i}", i + 1) for i in range(BRANCHES)})
    loop = Step.loop_until("loop", Pipeline.from_step(adds("body")), lambda n, _: n >= ROUNDS, max_loops=ROUNDS + 10)
    chain, fork, loop = Flujo(chain, **options), Flujo(fork, **options), Flujo(loop, **options)

    async def seq10():
        return (await chain.run_async(1)).output

    async def par8():
        return sum((await fork.run_async(1)).output.values())

    async def loop100():
        return (await loop.run_async(0)).output

    return {"seq10": seq10, "par8": par8, "loop100": loop100}


class Number(TypedDict):
    n: int


class Fork(TypedDict):
    n: int
    out: Annotated[list[int], operator.add]


def langgraph():
    """LangGraph's StateGraph without a checkpointer, which is how it comes."""

    async def add(state: Number):
        return {"n": state["n"] + 1}

    def branch(m):
        async def add(state: Fork):
            return {"out": [state["n"] + m]}

        return add

    chain, before = StateGraph(Number), START
    for i in range(STEPS):
        chain.add_node(f"n{i}", add)
        chain.add_edge(before, f"n{i}")
        before = f"n{i}"
    chain.add_edge(before, END)

    fork = StateGraph(Fork)
    for i in range(BRANCHES):
        fork.add_node(f"n{i}", branch(i + 1))
        fork.add_edge(START, f"n{i}")
        fork.add_edge(f"n{i}", END)

    loop = StateGraph(Number)
    loop.add_node("body", add)
    loop.add_edge(START, "body")
    loop.add_conditional_edges("body", lambda state: "body" if state["n"] < ROUNDS else END, ["body", END])
    chain, fork, loop = chain.compile(), fork.compile(), loop.compile()

    async def seq10():
        return (await chain.ainvoke({"n": 1}))["n"]

    async def par8():
        return sum((await fork.ainvoke({"n": 1}))["out"])

    async def loop100():
        return (await loop.ainvoke({"n": 0}, {"recursion_limit": ROUNDS + 10}))["n"]

    return {"seq10": seq10, "par8": par8, "loop100": loop100}


async def timed(run, want, n):
    """CPU and wall time of one of n runs, in ns."""
    gc.collect()
    cpu, wall = time.process_time_ns(), time.perf_counter_ns()
    for _ in range(n):
        got = await run()
        if got != want:
            raise SystemExit(f"the answer is {got!r}, not {want}")
    return (time.process_time_ns() - cpu) / n, (time.perf_counter_ns() - wall) / n


async def calibrate(run, want, window):
    """How many runs fill a window."""
    n = 1
    while True:
        _, wall = await timed(run, want, n)
        if wall * n >= window * 1e9 / 2:
            return max(1, int(window * 1e9 / wall))
        n *= 2


async def measure(workload, engines, rounds, window):
    """The figures of one workload, the reference first."""
    want = WANT[workload]
    runs = [(name, graphs[workload]) for name, graphs in engines.items()]
    counts = [await calibrate(run, want, window) for _, run in runs]
    cpu, wall = [[] for _ in runs], [[] for _ in runs]
    for r in range(rounds):
        for turn in range(len(runs)):
            i = (r + turn) % len(runs)
            c, w = await timed(runs[i][1], want, counts[i])
            cpu[i].append(c)
            wall[i].append(w)
    return [
        {
            "workload": workload,
            "engine": name,
            "cpu_ns": statistics.median(cpu[i]),
            "wall_ns": statistics.median(wall[i]),
            "x_ref": statistics.median(a / b for a, b in zip(cpu[i], cpu[0])),
        }
        for i, (name, _) in enumerate(runs)
    ]


def short(v):
    """A figure with no more digits than can be trusted."""
    return f"{v:.2f}" if v < 10 else f"{v:.1f}" if v < 100 else f"{v:,.0f}"


def show(report):
    print(f"{report['date']}, Python {report['python']}, {report['cores']} cores")
    for name, v in report["versions"].items():
        print(name, v)
    for table in report["tables"]:
        print(f"\n{table['workload']}: {table['says']}")
        rows = [["engine", "CPU ns/run", "wall ns/run", "× ref"]]
        rows += [[f["engine"], short(f["cpu_ns"]), short(f["wall_ns"]), short(f["x_ref"])] for f in table["figures"]]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            print("  ".join(cell.rjust(w) for cell, w in zip(row, widths)))


async def suite(args):
    engines = {
        "reference": plain(),
        "langgraph": langgraph(),
        "flujo, nothing kept": flujo(persist_state=False, enable_tracing=False),
        "flujo as it comes": flujo(),
    }
    tables = []
    for workload in args.only:
        print(f"{workload} ...", file=sys.stderr)
        figures = await measure(workload, engines, args.rounds, args.window)
        tables.append({"workload": workload, "says": SAYS[workload], "figures": figures})
    return {
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in ("flujo", "langgraph")},
        "tables": tables,
    }


def workloads(text):
    chosen = text.split(",")
    for name in chosen:
        if name not in WANT:
            raise argparse.ArgumentTypeError(f"no workload is called {name!r}; there are: {', '.join(WANT)}")
    return chosen


def main():
    parser = argparse.ArgumentParser(prog="run.sh", description="flujo and LangGraph on the workloads of bench/peers")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--only", type=workloads, default=list(WANT), help="workloads, parted by commas")
    parser.add_argument("--rounds", type=int, default=5, help="how often everybody takes its turn")
    parser.add_argument("--window", type=float, default=0.2, help="seconds of one turn")
    args = parser.parse_args()
    if args.rounds < 1 or args.window <= 0:
        parser.error("--rounds and --window must be more than 0")
    # flujo says several lines a step by default. Nobody who asks for speed leaves them on.
    logging.getLogger("flujo").setLevel(logging.WARNING)
    report = asyncio.run(suite(args))
    if args.json:
        print(json.dumps(report, indent=2))
    else:
        show(report)


if __name__ == "__main__":
    main()

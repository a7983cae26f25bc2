"""A model of plain columns and rows, solved by HiGHS: what it found, and what it proved that nothing can pass.

HiGHS works in floating point. Rows are scaled so that money and days stand in the same range, and what comes back is
read as whole numbers and judged again, exactly, by `policy.roadmap`.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from comity.policy.roadmap_model import Model

NEAR: Final = 1e-6
LARGE: Final = 100.0
"""A row whose largest factor is above it is scaled down to a tenth of it."""
SMALL: Final = 1000
"""Columns below which to begin a search anew, or to look for what is alike in it, takes longer than the search."""
Vector = NDArray[np.float64]
OPTIMAL: Final = highspy.HighsModelStatus.kOptimal
NONE: Final = frozenset({highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible})


@dataclass(frozen=True, slots=True)
class Found:
    """What a run gave: `values` None where it found nothing, `empty` where nothing can be; `bound` for the maximum.

    `duals`: what each row is worth, where no column was whole and the run came to its end.
    """

    values: Vector | None
    value: float
    bound: float
    empty: bool = False
    proven: bool = False
    duals: Vector | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A model as arrays, scaled."""

    lower: Vector
    upper: Vector
    whole: NDArray[np.bool_]
    row_lower: Vector
    row_upper: Vector
    begins: NDArray[np.int32]
    columns: NDArray[np.int32]
    factors: Vector

    def within(self, lower: Vector, upper: Vector) -> "Matrix":
        """Give the same with other ends of its columns."""
        return replace(self, lower=lower, upper=upper)

    def relaxed(self) -> "Matrix":
        """Give the same with no column whole."""
        return replace(self, whole=np.zeros_like(self.whole))

    def whole_too(self, columns: Sequence[int]) -> "Matrix":
        """Give the same with these columns whole as well."""
        whole = self.whole.copy()
        whole[list(columns)] = True
        return replace(self, whole=whole)

    def shared(self, rows: Sequence[int]) -> "Matrix":
        """Give the same with one more column: the share of their ends that these rows keep to."""
        of = np.array(rows, np.int64)
        after = self.begins[of + 1]
        upper = self.row_upper.copy()
        upper[of] = 0
        return replace(
            self, lower=np.append(self.lower, 0), upper=np.append(self.upper, np.inf),
            whole=np.append(self.whole, False), row_upper=upper,
            begins=self.begins + np.searchsorted(of, np.arange(len(self.begins)), "left").astype(np.int32),
            columns=np.insert(self.columns, after, np.int32(len(self.lower))),
            factors=np.insert(self.factors, after, -self.row_upper[of]),
        )  # fmt: skip

    def with_row(self, terms: Mapping[int, float], lower: float) -> "Matrix":
        """Give the same with one more row."""
        return replace(
            self, row_lower=np.append(self.row_lower, lower), row_upper=np.append(self.row_upper, np.inf),
            begins=np.append(self.begins, np.int32(self.begins[-1] + len(terms))),
            columns=np.append(self.columns, np.fromiter(terms.keys(), np.int32, len(terms))),
            factors=np.append(self.factors, np.fromiter(terms.values(), np.float64, len(terms))),
        )  # fmt: skip


def matrix(model: Model) -> Matrix:
    """Turn a model into arrays, and bring its rows into one range."""
    begins = np.array(model.begins, np.int32)
    factors = np.array(model.factors, np.float64)
    lower, upper = np.array(model.row_lower, np.float64), np.array(model.row_upper, np.float64)
    for row in range(len(lower)):
        mine = slice(begins[row], begins[row + 1])
        largest = float(np.abs(factors[mine]).max(initial=0))
        if largest > LARGE:
            scale = 10 / largest
            factors[mine] *= scale
            lower[row], upper[row] = lower[row] * scale, upper[row] * scale
    return Matrix(np.array(model.lower, np.float64), np.array(model.upper, np.float64), np.array(model.whole, np.bool_),
                  lower, upper, begins, np.array(model.columns, np.int32), factors)  # fmt: skip


class Watch:
    """Runs that go on side by side, each of which ends soon after another one says that it is enough."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock, self._solvers, self.over = threading.Lock(), list[highspy.Highs](), False

    def add(self, solver: highspy.Highs) -> None:
        """Watch a solver that is about to run."""
        with self._lock:
            solver.HandleUserInterrupt = True
            self._solvers.append(solver)
            if self.over:
                solver.cancelSolve()  # type: ignore[no-untyped-call]  # HiGHS gives it no types

    def stop(self) -> None:
        """End every run."""
        with self._lock:
            self.over = True
            for solver in self._solvers:
                solver.cancelSolve()  # type: ignore[no-untyped-call]  # HiGHS gives it no types


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run may take and how near to the bound is near enough (as a share, and in the terms’ own unit)."""

    seconds: float
    gap: float = 0
    apart: float = 1e-6
    guess: bool = True
    """Look for solutions by guessing as well; without it, what cannot be is proven sooner."""


def maximize(rows: Matrix, terms: Mapping[int, float], patience: Patience, *,
             start: Sequence[float] | Vector | None = None, watch: Watch | None = None) -> Found:  # fmt: skip
    """Find the largest sum of *terms* within the rows, as far as patience goes."""
    if not len(rows.lower):  # HiGHS passes over the rows of a model without columns
        empty = bool((rows.row_lower > 0).any() or (rows.row_upper < 0).any())
        return Found(None if empty else np.zeros(0), 0, 0, empty=empty, proven=True)
    solver = _solver(patience)
    if watch is not None:
        watch.add(solver)
    relaxed = not rows.whole.any()
    if relaxed:
        solver.setOptionValue("solver", "ipm")
    if len(rows.lower) < SMALL:
        solver.setOptionValue("mip_allow_restart", False)  # noqa: FBT003 (HiGHS takes a name and a value)
        solver.setOptionValue("mip_detect_symmetry", False)  # noqa: FBT003
    solver.passModel(_program(rows, terms))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solver.setSolution(solution)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in NONE:
        return Found(None, -np.inf, -np.inf, empty=True, proven=True)
    proven = status == OPTIMAL
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    bound = info.objective_function_value if relaxed and proven else info.mip_dual_bound if not relaxed else np.inf
    if not there:
        return Found(None, -np.inf, bound)
    solved = solver.getSolution()
    duals = np.array(solved.row_dual) if relaxed and proven else None
    return Found(np.array(solved.col_value), info.objective_function_value, bound, proven=proven, duals=duals)


def _solver(patience: Patience) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the one call of it that has no types
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 (HiGHS takes a name and a value)
    solver.setOptionValue("time_limit", max(0.1, patience.seconds))
    solver.setOptionValue("mip_rel_gap", patience.gap)
    solver.setOptionValue("mip_abs_gap", patience.apart)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-7)
    solver.setOptionValue("random_seed", 0)
    if not patience.guess:
        solver.setOptionValue("mip_heuristic_effort", 0.0)
    return solver


def _program(rows: Matrix, terms: Mapping[int, float]) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(rows.lower), len(rows.row_lower)
    cost = np.zeros(len(rows.lower))
    for column, factor in terms.items():
        cost[column] = factor
    program.sense_, program.col_cost_ = highspy.ObjSense.kMaximize, cost
    program.col_lower_, program.col_upper_ = rows.lower, rows.upper
    program.row_lower_, program.row_upper_ = rows.row_lower, rows.row_upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = rows.begins, rows.columns
    program.a_matrix_.value_ = rows.factors
    if rows.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[int(whole)] for whole in rows.whole]
    return program

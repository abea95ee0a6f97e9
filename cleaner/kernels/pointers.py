"""Reading memory by address, so that the small shared functions of the kernels cost nothing.

numba counts references to every array that is handed from function to function or taken out of a
tuple, with an atomic instruction each: written over arrays, ``decode.next_word`` ran at half the
speed (92 against 192 MB/s of English). An address is a plain number. It is valid as long as the
array that it came from: take addresses of a kernel's arguments only, whose caller holds them.
Nothing here checks bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from cleaner.kernels.compiled import jit_inline

# isort: split
import numpy as np
from llvmlite import ir
from numba import types  # compiled has loaded it, without what the current folder says
from numba.extending import intrinsic
from numpy.typing import NDArray

from cleaner.kernels.tables import Tables


class Source(NamedTuple):
    """What ``decode`` reads from: addresses of the bytes and of the tables (see ``tables.Tables``)."""

    buf: int
    kind: int
    fold: int
    expand_from: int
    expand: int


@jit_inline
def source(buf: NDArray[np.uint8], tables: Tables) -> Source:
    """The addresses of a kernel's arguments; call it once at the top of the kernel."""
    return Source(
        buf.ctypes.data,
        tables.kind.ctypes.data,
        tables.fold.ctypes.data,
        tables.expand_from.ctypes.data,
        tables.expand.ctypes.data,
    )


def _loader(name: str, item: Any, bits: int) -> Callable[[Any, Any], int]:
    """An intrinsic: the item of ``bits`` at ``address``, ``index`` items on; as int64, 64 bits as uint64."""
    result = types.uint64 if bits == 64 else types.int64

    def load(typing: Any, address: Any, index: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            base = builder.inttoptr(args[0], ir.IntType(bits).as_pointer())
            value = builder.load(builder.gep(base, [args[1]]))
            return context.cast(builder, value, item, result)

        return result(types.uintp, types.int64), generate

    load.__name__ = load.__qualname__ = name
    made: Any = intrinsic(load)
    return made  # type: ignore[no-any-return]


load_u8 = _loader("load_u8", types.uint8, 8)
load_i32 = _loader("load_i32", types.int32, 32)
_load_u64 = _loader("load_u64", types.uint64, 64)


@jit_inline
def load_eight(buf: int, i: int) -> np.uint64:
    """The eight bytes from byte ``i`` on, the first one lowest (numba runs on little-endian machines only)."""
    return np.uint64(_load_u64(buf + np.uintp(i), 0))

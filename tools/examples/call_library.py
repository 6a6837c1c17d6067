#!/usr/bin/env python3
"""Calls flowcert_velocity of a shared library through ctypes: the same file
that `flowcert test --candidate library:./field.so` tests.

    python3 call_library.py ./field.so 0.5 0.3 -0.2
"""
import ctypes
import sys


def main():
    path, t, *x = sys.argv[1:]
    vector = ctypes.c_double * len(x)
    library = ctypes.CDLL(path)
    numbers = ctypes.POINTER(ctypes.c_double)
    library.flowcert_velocity.argtypes = [
        ctypes.c_size_t, ctypes.c_size_t, numbers, numbers, numbers]
    library.flowcert_velocity.restype = ctypes.c_int
    value = vector()
    status = library.flowcert_velocity(
        1, len(x), (ctypes.c_double * 1)(float(t)),
        vector(*map(float, x)), value)
    if status:
        sys.exit("the function returned %d" % status)
    print(*value)


if __name__ == "__main__":
    main()

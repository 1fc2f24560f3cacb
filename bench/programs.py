#!/usr/bin/env python3
"""Time the programs on generated dumps, beside a limit, in one run: bench/programs.py [--scale F] [--runs N]

Prints one table: for each dump, scrub to a snapshot, scrub to SQL, verify and export, and zstd -3 on as many threads, which
is what compressing the same bytes costs with nothing else done. Seconds are the fastest run's, memory the largest.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
fuzzy = os.path.join(here, '..', 'bin', 'fuzzy')


def measure(argv, runs):
    """(seconds of the fastest run, peak MB of any) of a command whose output is thrown away."""
    best, peak = None, 0
    for _ in range(runs):
        start = time.monotonic()
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        if status:
            sys.exit('%s: %s' % (' '.join(argv), errors.decode()))
        best = seconds if best is None else min(best, seconds)
        peak = max(peak, usage.ru_maxrss / 1024)
    return best, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--scale', type=float, default=0.1)
    parser.add_argument('--runs', type=int, default=3)
    args = parser.parse_args()
    print('%-10s %-22s %9s %9s %9s' % ('dump', 'command', 'seconds', 'MB/s', 'peak MB'))
    with tempfile.TemporaryDirectory() as tmp:
        for name in ('employees', 'nova'):
            dump = os.path.join(tmp, name + '.sql')
            with open(dump, 'wb') as out:
                subprocess.run([sys.executable, os.path.join(here, 'bench_dump.py'), name, '--scale', str(args.scale)],
                               stdout=out, check=True)
            megabytes = os.path.getsize(dump) / 1e6
            scrub = [fuzzy, 'scrub', '--models', os.path.join(here, name + '_models.py'), '--undecided', 'redact']
            store = ['--store', os.path.join(tmp, 'store')]
            for label, argv in (
                ('zstd -3 -T0 (limit)', ['zstd', '-q', '-3', '-T0', '-c', dump]),
                ('fuzzy scrub -o NAME', scrub + store + ['-o', name, dump]),
                ('fuzzy scrub -o -', scrub + ['-o', '-', dump]),
                ('fuzzy verify', [fuzzy, 'verify', name] + store),
                ('fuzzy export', [fuzzy, 'export', name] + store),
            ):
                seconds, peak = measure(argv, args.runs)
                print('%-10s %-22s %9.2f %9.0f %9.0f' % (name, label, seconds, megabytes / seconds, peak), flush=True)


main()

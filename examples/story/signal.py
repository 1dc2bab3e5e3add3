"""Compares the library with numpy."""
import importlib.util
import sys

import numpy as np

spec = importlib.util.spec_from_file_location("signal_library", sys.argv[2])
lib = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lib)

rng = np.random.default_rng(7)
rate = 1000.0
t = np.arange(2000) / rate
x = np.sin(2 * np.pi * 50 * t) + 0.3 * np.sin(2 * np.pi * 120 * t) + 0.05 * rng.standard_normal(t.size)

line = x + 3.0 + 0.002 * np.arange(t.size)
slope, _ = np.polyfit(np.arange(t.size), line, 1)
expected = line - np.polyval(np.polyfit(np.arange(t.size), line, 1), np.arange(t.size))
print("detrend", np.isclose(lib.detrend(line), slope), np.allclose(line, expected))

y = np.empty_like(x)
peak = lib.biquad(x, y, 0, 80.0, rate, 0.7071)
print("biquad", np.isclose(peak, np.abs(y).max()), 0.8 < peak < 1.4)

frequencies = np.array([20.0, 50.0, 80.0, 120.0])
power = np.empty(4)
best = lib.spectrum(x, rate, frequencies, power)
direct = [abs(np.sum(x * np.exp(-2j * np.pi * f * np.arange(x.size) / rate))) ** 2 / x.size for f in frequencies]
print("spectrum", best, np.allclose(power, direct, rtol=1e-6, atol=1e-8))

found = np.zeros(200, dtype=np.int64)
count = lib.find_peaks(x, 0.8, 10, found)
print("peaks", count, bool(np.all(np.diff(found[:count]) >= 10)))

s = lib.summarize(x)
print("summary", s.count, np.isclose(s.mean, x.mean()), np.isclose(s.deviation, x.std(ddof=1)), s.low == x.min(), s.high == x.max(), np.isclose(s.median, np.median(x)))

for call in (
    lambda: lib.biquad(x, y[:5], 0, 80.0, rate, 1.0),
    lambda: lib.biquad(x, y, 0, 900.0, rate, 1.0),
    lambda: lib.biquad(x, y, 9, 80.0, rate, 1.0),
    lambda: lib.summarize(np.empty(0)),
    lambda: lib.find_peaks(x, 0.8, 10, np.zeros(3, dtype=np.int64)),
):
    try:
        call()
        print("no error")
    except Exception as e:
        print(e)

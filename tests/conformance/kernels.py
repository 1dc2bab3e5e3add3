"""What a kernel program is: the files of one library in tests/kernels and how jlift is asked to build it. Runs nothing."""

import dataclasses
import pathlib
import re

KERNELS = pathlib.Path(__file__).resolve().parent.parent / "kernels"


@dataclasses.dataclass(frozen=True)
class Kernel:
    """NAME.jl (Julia source, whose `# export: f(Int64, ...)` lines name the exports), NAME.jir (its typed IR, which is
    compiled), NAME.py (ctypes driver: `python NAME.py LIBRARY`), NAME.out (what the driver prints with Julia's results)."""

    name: str
    folder: pathlib.Path

    @property
    def jir(self):
        return self.folder / f"{self.name}.jir"

    @property
    def source(self):
        return self.folder / f"{self.name}.jl"

    @property
    def julia_driver(self):
        """The driver's calls in Julia; it includes the source and prints what the Python driver prints."""
        return self.folder / f"{self.name}.driver.jl"

    @property
    def driver(self):
        return self.folder / f"{self.name}.py"

    @property
    def expected(self):
        return (self.folder / f"{self.name}.out").read_bytes()

    @property
    def exports(self):
        """The export signatures, such as `f(Int64, Ptr{Float64})`, in the order of the source."""
        source = (self.folder / f"{self.name}.jl").read_text()
        return [line.strip() for line in re.findall(r"^# export:(.*)$", source, re.MULTILINE)]

    @property
    def statements(self):
        """How many typed IR statements the library has: numbered ones, gotos, returns and unreachables."""
        return len(re.findall(r"^  +(?:%\d+ = |goto |return |unreachable)", self.jir.read_text(), re.MULTILINE))

    def uses_muladd(self):
        """Whether results depend on the target having a fused multiply-add."""
        return "muladd_float" in self.jir.read_text()


def find(names=(), folder=KERNELS):
    """The kernels of that folder which have a driver, typed IR and expected output, by name; all without `names`.
    Raises LookupError for a name that is not there."""
    found = {
        driver.stem: Kernel(driver.stem, folder)
        for driver in sorted(folder.glob("*.py"))
        if driver.with_suffix(".jir").exists() and driver.with_suffix(".out").exists()
    }
    for name in names:
        if name not in found:
            raise LookupError(f"no kernel named {name} in {folder}")
    return [found[name] for name in names] if names else list(found.values())


def build_command(jlift, kernel, output, *options, exports=None, source=False):
    """The command line that makes `output` (a library) from the kernel's typed IR, or from its Julia source."""
    flags = [word for export in (kernel.exports if exports is None else exports) for word in ("--export", export)]
    return [str(jlift), "build", str(kernel.source if source else kernel.jir), *flags, *options, "-o", str(output)]

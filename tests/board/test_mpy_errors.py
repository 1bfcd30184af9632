"""Every limit of native modules that code breaks is named with its symbol and its source line."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from depthwise.codegen.errors import DepthwiseError, NativeModuleError, ToolError
from depthwise.host.build.mpy.build_module import BuiltModule, Sources, build_module, link_files
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS, NativeArch
from tests.support.mpy_sample import build_sample

CROSS = ["x64", "armv6m", "armv7m", "armv7emsp", "rv32imc"]
ALL = [*CROSS, "xtensa"]
ENTRY = """
#include "py/dynruntime.h"
{before}
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)
{{
    MP_DYNRUNTIME_INIT_ENTRY
    (void)n_kw;
    (void)args;
    {inside}
    MP_DYNRUNTIME_INIT_EXIT
}}
"""


def build(arch: NativeArch | str, folder: Path, *, before: str = "", inside: str = "(void)n_args;") -> BuiltModule:
    """A module whose mpy_init does something: it begins at line 4 + the lines of `before`."""
    source = folder / "wrong.c"
    source.write_text(ENTRY.format(before=before, inside=inside))
    flags = ("-std=gnu11", "-Os", "-Wall", "-Wextra", "-Werror")
    return build_module(
        Sources("wrong", (source,), flags=flags), NATIVE_ARCHS[arch] if isinstance(arch, str) else arch, folder
    )


def refused(arch: str, folder: Path, before: str, inside: str) -> NativeModuleError:
    with pytest.raises(NativeModuleError) as caught:
        build(arch, folder, before=before, inside=inside)
    return caught.value


@pytest.mark.parametrize("arch", ALL)
def test_a_variable_with_an_initial_value_is_named_with_its_line(arch: str, tmp_path: Path) -> None:
    error = refused(arch, tmp_path, "\nint limit = 5;\nextern int other;", "limit += (int)n_args;")
    assert error.message.startswith("wrong.c:4 (limit): limit has an initial value and is not const")
    assert "set it in mpy_init" in error.hint


@pytest.mark.parametrize("arch", CROSS)
def test_a_static_variable_is_named_with_the_line_that_uses_it(arch: str, tmp_path: Path) -> None:
    error = refused(arch, tmp_path, "static volatile int hidden;", "hidden += (int)n_args;")
    assert error.message.startswith("wrong.c:9 (mpy_init): hidden is static and zeroed")
    assert "drop `static`" in error.hint


def test_xtensa_reaches_static_variables_by_its_literals_so_they_may_stay(tmp_path: Path) -> None:
    module = build("xtensa", tmp_path, before="static volatile int hidden;", inside="hidden += (int)n_args;")
    assert module.bss_bytes == 4


@pytest.mark.parametrize("arch", ALL)
def test_every_undefined_name_is_told_at_once(arch: str, tmp_path: Path) -> None:
    error = refused(arch, tmp_path, "void first(void); extern int second;", "first();\n    second = (int)n_args;")
    told = sorted(line.partition(" is neither defined")[0] for line in error.message.splitlines())
    assert told == ["wrong.c:10 (mpy_init): second", "wrong.c:9 (mpy_init): first"]


@pytest.mark.parametrize(
    ("arch", "inside", "said"),
    [
        ("armv6m", "n_args /= n_kw;", "__aeabi_uidiv is 32-bit division from libgcc"),
        ("armv6m", "n_args = (size_t)((long long)n_args * n_args >> 20);", "__aeabi_lmul is 64-bit multiplication"),
        ("armv7m", "n_args = (size_t)(1.5f * n_args);", "__aeabi_fmul is arithmetic with float"),
        ("armv7emsp", "n_args = (size_t)(1.5 * n_args);", "__aeabi_dmul is arithmetic with double"),
        ("armv7m", "n_args = (size_t)((1ll << 40) / (long long)n_args);", "__aeabi_ldivmod is 64-bit division"),
        ("rv32imc", "n_args = (size_t)(((1ull << 40) + n_args) >> (n_args & 31));", "__lshrdi3 is 64-bit shift"),
        ("xtensa", "n_args %= n_kw;", "__umodsi3 is 32-bit division"),
        ("rv32imc", "n_args = (size_t)__builtin_popcount(n_args);", "__popcountsi2 is counting or turning bits"),
        ("x64", "n_args = (size_t)((__int128)n_args * 5 / (__int128)n_kw);", "__divti3 is 128-bit arithmetic"),
    ],
)
def test_a_call_of_libgcc_says_which_operation_it_is(arch: str, inside: str, said: str, tmp_path: Path) -> None:
    error = refused(arch, tmp_path, "extern volatile size_t sink; volatile size_t sink;", f"{inside} sink = n_args;")
    assert f"wrong.c:9 (mpy_init): {said}" in error.message


def test_a_switch_of_thumb_code_needs_no_libgcc(tmp_path: Path) -> None:
    cases = " ".join(f"case {i}: sink = {i * i % 23}; break;" for i in range(20))
    build(
        "armv6m", tmp_path, before="extern volatile int sink; volatile int sink;", inside=f"switch (n_args) {{{cases}}}"
    )


@pytest.mark.parametrize("arch", ALL)
def test_a_thread_local_variable_is_refused(arch: str, tmp_path: Path) -> None:
    error = refused(arch, tmp_path, "extern _Thread_local int own; _Thread_local int own;", "own = (int)n_args;")
    assert error.message.startswith("wrong.c:")
    assert "thread-local" in error.message


def test_a_constructor_is_refused_for_nobody_calls_it(tmp_path: Path) -> None:
    error = refused(
        "x64",
        tmp_path,
        "extern int x; int x; __attribute__((constructor)) static void f(void) { x++; }",
        "(void)n_args;",
    )
    assert "a constructor is to run before mpy_init" in error.message


def test_an_alignment_that_the_loader_does_not_keep_is_refused(tmp_path: Path) -> None:
    before = "__attribute__((aligned(64))) static const int table[] = {1, 2, 3};"
    error = refused("armv7m", tmp_path, before, "mp_store_global(MP_QSTR_x, mp_obj_new_int(table[n_args]));")
    assert "table is to lie at a multiple of 64 bytes, the loader keeps 8" in error.message


def test_a_pointer_in_a_packed_structure_is_refused(tmp_path: Path) -> None:
    before = 'static const struct __attribute__((packed)) { char a; const char *b; } odd[] = {{1, "x"}, {2, "y"}};'
    error = refused("armv7m", tmp_path, before, "mp_store_global(MP_QSTR_x, mp_obj_new_str(odd[n_args].b, 1));")
    assert error.message.startswith("wrong.c:3 (odd): a pointer lies")


@pytest.mark.parametrize(
    ("arch", "flags", "said"),
    [
        ("armv7m", ("-fno-pic", "-mslow-flash-data"), "R_ARM_THM_MOVW_ABS_NC"),
        ("x64", ("-fno-pic", "-mcmodel=small"), "R_X86_64_PC32 cannot reach shared"),
        ("rv32imc", ("-fno-pic", "-mcmodel=medlow"), "number 26"),
    ],
)
def test_code_that_is_not_position_independent_is_refused_by_relocation(
    arch: str, flags: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    known, source = NATIVE_ARCHS[arch], tmp_path / "fixed.o"
    text = "extern int shared; int shared; int mpy_init(int n) { shared += n; return shared; }"
    command = [
        known.compiler,
        *known.flags,
        "-ffunction-sections",
        *flags,
        "-g",
        "-Os",
        "-xc",
        "-",
        "-c",
        "-o",
        str(source),
    ]
    subprocess.run(command, input=text, check=True, text=True)
    with pytest.raises(NativeModuleError, match="<stdin>:1") as caught:
        link_files([source], known)
    assert said in caught.value.message
    assert "-fpic" in caught.value.hint


def test_a_branch_that_is_too_long_is_told_with_its_distance(tmp_path: Path) -> None:
    text = """
    .syntax unified
    .thumb
    .section .text.mpy_init,"ax"
    .global mpy_init
    .thumb_func
mpy_init: b far
    .section .text.fill,"ax"
    .global far
fill: .space 5000
    .thumb_func
far: bx lr
"""
    known, target = NATIVE_ARCHS["armv6m"], tmp_path / "far.o"
    command = [known.compiler, *known.flags, "-g", "-xassembler", "-", "-c", "-o", str(target)]
    subprocess.run(command, input=text, check=True, text=True)
    with pytest.raises(NativeModuleError, match=r"R_ARM_THM_JUMP11 does not reach far, \+4,99\d bytes away"):
        link_files([target], known)


def test_names_that_two_files_define_are_told_with_both_places(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.c").write_text("int shared;\nint both(void);\nint both(void) { return shared; }\n")
    sources = Sources("twice", (tmp_path / "one.c", tmp_path / "two.c"))
    with pytest.raises(NativeModuleError) as caught:
        build_module(sources, NATIVE_ARCHS["x64"], tmp_path)
    assert "one.c:3: both is defined twice" in caught.value.message
    assert "two.c:1: shared is defined twice" in caught.value.message


def test_without_debugging_information_file_and_function_are_named(tmp_path: Path) -> None:
    known, target = NATIVE_ARCHS["armv7m"], tmp_path / "bare.o"
    text = "int nothing(void); int mpy_init(void); int mpy_init(void) { return nothing() + 1; }"
    command = [known.compiler, *known.flags, "-fpic", "-ffunction-sections", "-xc", "-", "-c", "-o", str(target)]
    subprocess.run(command, input=text, check=True, text=True)
    with pytest.raises(NativeModuleError, match=r"<stdin> \(mpy_init\): nothing is neither defined"):
        link_files([target], known)


def test_a_module_without_its_first_function_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.c").write_text("int nothing;\n")
    with pytest.raises(NativeModuleError, match="no file defines mpy_init"):
        build_module(Sources("empty", (tmp_path / "empty.c",)), NATIVE_ARCHS["x64"], tmp_path)


def test_an_object_file_of_another_architecture_is_refused_with_both_names(tmp_path: Path) -> None:
    build_sample("rv32imc", tmp_path)
    objects = sorted((tmp_path / "rv32imc").glob("*.o"))
    with pytest.raises(NativeModuleError, match=r"EM_RISCV \(32 bits, little-endian\), armv7m is EM_ARM") as caught:
        link_files(objects, NATIVE_ARCHS["armv7m"])
    assert caught.value.hint == "compile it with arm-none-eabi-gcc"


def test_a_missing_compiler_is_told_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = NATIVE_ARCHS["x64"]
    with pytest.raises(ToolError, match="gcc, the compiler for x64, is not installed") as caught:
        build(missing, tmp_path)
    assert caught.value.hint == "apt install gcc binutils"


def test_a_compilers_error_is_shown(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"cannot compile wrong\.c"):
        build("x64", tmp_path, inside="nonsense")


@pytest.mark.parametrize("arch", ["x64", "armv7m", "rv32imc", "xtensa"])
def test_a_truncated_object_file_ends_in_one_clear_error(arch: str, tmp_path: Path) -> None:
    build_sample(arch, tmp_path)
    path = sorted((tmp_path / arch).glob("*.o"))[0]
    whole, cut = path.read_bytes(), tmp_path / "cut.o"
    for end in (*range(0, 64, 4), *range(64, len(whole), len(whole) // 60)):
        cut.write_bytes(whole[:end])
        with pytest.raises(NativeModuleError):
            link_files([cut], NATIVE_ARCHS[arch])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    build_sample("armv7m", folder)
    return folder / "armv7m"


def test_a_nameless_symbol_of_no_section_is_one_clear_error(whole: Path) -> None:
    """Section symbols, which have no names, moved to section 71: there is none."""
    files = sorted(whole.glob("?_*.o"))
    data = bytearray(files[0].read_bytes())
    with files[0].open("rb") as opened:
        table: Any = ELFFile(opened).get_section_by_name(".symtab")
        sections = [i for i, s in enumerate(table.iter_symbols()) if s["st_info"]["type"] == "STT_SECTION"]
        start = table["sh_offset"]
    for i in sections:
        data[start + 16 * i + 14] = 71  # st_shndx of Elf32_Sym
    target = whole / "nameless.bin"
    target.write_bytes(data)
    with pytest.raises(NativeModuleError, match="a symbol lies in a section that is not loaded"):
        link_files([target, *files[1:]], NATIVE_ARCHS["armv7m"])


@settings(max_examples=60)
@given(data=st.data())
def test_damaged_object_files_never_end_in_a_traceback(whole: Path, data: st.DataObject) -> None:
    files = sorted(whole.glob("?_*.o"))
    original = files[0].read_bytes()
    damaged = bytearray(original)
    places = st.one_of(
        st.integers(0, 60), st.integers(0, len(damaged) - 1), st.integers(len(damaged) - 3000, len(damaged) - 1)
    )
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(places)] = data.draw(st.one_of(st.sampled_from((0, 1, 0xFF)), st.integers(0, 255)))
    target = whole / "damaged.bin"
    target.write_bytes(damaged)
    with suppress(DepthwiseError):
        link_files([target, *files[1:]], NATIVE_ARCHS["armv7m"])

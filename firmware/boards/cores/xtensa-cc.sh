#!/bin/sh
# Compiles C for windowed Xtensa cores (LX6 and LX7, as in the ESP32 and ESP32-S3) by Debian's clang-22 and llvm-22,
# and links by the linker of gcc-xtensa-lx106: takes the arguments that gcc would.
# clang's front end knows no processor of the ESP32: it writes LLVM's language, from which llc makes assembly. Literals
# get sections of their own in front of all code, one for each function, so that the linker finds their distance: LLVM's
# assembler takes one that is a word off where it begins a piece of a section at an address that is no multiple of four.
set -eu
input="" output="" does=links depends=""
previous=""
for argument; do
    case $argument in
    -c) does=compiles ;;
    -E) does=preprocesses ;;
    -MMD) depends=yes ;;
    *.c) input=$argument ;;
    esac
    [ "$previous" = -o ] && output=$argument
    previous=$argument
done
# The functions of its libgcc are of another calling convention: none of them is linked.
[ $does != links ] || exec xtensa-lx106-elf-gcc -nostdlib "$@"
options="-mcpu=esp32 -mattr=+mac16,+loop"
# What GCC for the ESP32 says of its core.
core="-D__XCHAL_HAVE_WINDOWED=1 -D__XCHAL_HAVE_MAC16=1 -D__XCHAL_HAVE_LOOPS=1 -D__XCHAL_HAVE_MUL32_HIGH=1"
# shellcheck disable=SC2086 (several options)
set -- --target=xtensa $core -ffreestanding -fomit-frame-pointer "$@" \
    -isystem "$(dirname "$0")/freestanding" -Wno-unknown-pragmas -Wno-unused-command-line-argument
[ $does != preprocesses ] || exec clang-22 "$@"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "$depends" ]; then
    set -- "$@" -MF "${output%.o}.d" -MT "$output"
fi
clang-22 "$@" -S -emit-llvm -o "$work/ir"
sed -E -i 's/"(target-cpu|target-features)"="[^"]*"//g' "$work/ir"
# shellcheck disable=SC2086 (several options)
llc-22 $options -O2 --function-sections --data-sections -filetype=asm "$work/ir" -o "$work/asm"
awk -v source="$input" '
    $1 == ".literal_position" { next }
    $1 == ".literal" { sub(/,$/, "", $2); literals = literals $2 ": .long " $3 "\n"; next }
    $1 == ".section" { place = $2; sub(/,.*/, "", place); sub(/^\.text.*/, ".text", place) }
    $1 == ".type" && /@function/ && literals != "" {
        printf ".section %s.literals.%s, \"ax\", @progbits\n.p2align 2\n%s", place, substr($2, 1, index($2, ",") - 1), literals
        literals = ""
    }
    { lines[NR] = $0 }
    END { print ".text"; for (i = 1; i <= NR; i++) if (i in lines) print lines[i] }
    END { if (literals != "") { print source ": literals without a function" > "/dev/stderr"; exit 1 } }
' "$work/asm" > "$work/placed"
# shellcheck disable=SC2086 (several options)
llvm-mc-22 -triple=xtensa $options -filetype=obj "$work/placed" -o "$output"

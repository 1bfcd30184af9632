"""Words that no network may have as its name: files, headers and modules of that name are something else."""

from typing import Final

# Words of C and C++.
C_WORDS: Final = frozenset(
    {
        *("alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch"),
        *("char", "char16_t", "char32_t", "char8_t", "class", "compl", "concept", "const", "const_cast", "consteval"),
        *("constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast"),
        *("else", "enum", "explicit", "export", "extern", "false", "float", "for", "fortran", "friend", "goto", "if"),
        *("inline", "int", "long", "main", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "null"),
        *("nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast"),
        *("requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert", "static_cast"),
        *("struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid"),
        *("typename", "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while"),
        *("xor", "xor_eq"),
    }
)
# Words of Python, and modules that MicroPython has: a native module of that name could not be imported.
PYTHON_WORDS: Final = frozenset(
    {
        *("array", "as", "assert", "async", "asyncio", "await", "binascii", "bluetooth", "builtins", "collections"),
        *("cryptolib", "def", "deflate", "del", "elif", "esp", "esp32", "except", "finally", "framebuf", "from"),
        *("gc", "global", "hashlib", "heapq", "import", "in", "io", "is", "json", "lambda", "machine", "micropython"),
        *("mimxrt", "none", "nonlocal", "nrf", "os", "pass", "platform", "pyb", "raise", "random", "re", "rp2"),
        *("select", "socket", "ssl", "stm", "struct", "sys", "uctypes", "vfs", "with", "yield", "zephyr"),
    }
)
# Headers of the C library and of POSIX: a header of that name would be included instead.
C_HEADERS: Final = frozenset(
    {
        *("alloca", "assert", "byteswap", "complex", "ctype", "dirent", "dlfcn", "elf", "endian", "envz", "errno"),
        *("error", "fcntl", "features", "fenv", "float", "fnmatch", "getopt", "glob", "grp", "iconv", "inttypes"),
        *("iso646", "langinfo", "libgen", "limits", "link", "locale", "malloc", "math", "memory", "monetary"),
        *("netdb", "newlib", "poll", "pthread", "pwd", "regex", "sched", "search", "semaphore", "setjmp", "signal"),
        *("spawn", "stab", "stdalign", "stdarg", "stdatomic", "stdbit", "stdbool", "stdckdint", "stddef", "stdint"),
        *("stdio", "stdlib", "stdnoreturn", "string", "strings", "syslog", "tar", "termios", "tgmath", "threads"),
        *("time", "uchar", "ulimit", "unctrl", "unistd", "utime", "wait", "wchar", "wctype", "wordexp", "xlocale"),
    }
)
# Headers of C++ that end in nothing, beside which a folder or file of that name may be found.
CXX_HEADERS: Final = frozenset(
    {
        *("algorithm", "atomic", "bit", "chrono", "deque", "exception", "functional", "future", "iomanip", "ios"),
        *("iosfwd", "iostream", "istream", "iterator", "list", "map", "mutex", "numeric", "optional", "ostream"),
        *("queue", "ratio", "regex", "set", "span", "stack", "stdexcept", "streambuf", "thread", "tuple", "utility"),
        *("variant", "vector", "version"),
    }
)
# Headers of Arduino cores, ESP-IDF, Zephyr, FreeRTOS and CMSIS.
BOARD_HEADERS: Final = frozenset(
    {
        *("arduino", "arm_acle", "arm_math", "arm_mve", "arm_neon", "binary", "client", "cmsis_gcc", "common"),
        *("core_cm0", "core_cm3", "core_cm33", "core_cm4", "core_cm55", "core_cm7", "device", "dma", "eeprom"),
        *("esp_err", "esp_log", "ethernet", "freertos", "gpio", "hal", "hardwareserial", "ipaddress", "kernel"),
        *("lwip", "main", "map", "pgmspace", "pins_arduino", "print", "printable", "queue", "sd", "sdkconfig"),
        *("semphr", "server", "servo", "spi", "stm32f4xx", "stream", "system", "task", "timers", "twi", "uart"),
        *("udp", "usb", "wcharacter", "wifi", "wiring", "wmath", "wprogram", "wstring"),
    }
)
# Names of devices, which no file may have there.
WINDOWS_DEVICES: Final = frozenset({"aux", "com1", "com2", "com3", "com4", "con", "lpt1", "lpt2", "lpt3", "nul", "prn"})
# Files of the application and targets of build tools: a network of that name would stand in their place.
OUR_FILES: Final = frozenset(
    {
        *("all", "app", "board", "canary", "clean", "crc32", "driver", "dw", "example", "help", "install", "link"),
        *("log", "natmod", "network", "package", "ring", "runtime", "serve", "session", "start", "state", "test"),
        *("trace", "usermod", "wire"),
    }
)
RESERVED: Final[frozenset[str]] = (
    C_WORDS | PYTHON_WORDS | C_HEADERS | CXX_HEADERS | BOARD_HEADERS | WINDOWS_DEVICES | OUR_FILES
)

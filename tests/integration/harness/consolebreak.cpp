// SPDX-License-Identifier: MIT
// Windows only: `consolebreak PID` asks the program PID to stop, as Ctrl+Break in its console does. Whoever else has that
// console is asked, too: the harness gives each program one of its own.
#include <cstdio>
#include <cstdlib>

#include <windows.h>

namespace {

/// The one who asks has the console, too, and is not to be ended by it.
BOOL WINAPI ignore(DWORD)
{
    return TRUE;
}

} // namespace

int main(int argc, char *argv[])
{
    const DWORD process = argc == 2 ? DWORD(std::strtoul(argv[1], nullptr, 10)) : 0;
    FreeConsole();
    // A program may have been told to ignore Ctrl+C, but never Ctrl+Break; Wine can send the first only.
    if (process == 0 || !AttachConsole(process) || !SetConsoleCtrlHandler(ignore, TRUE)
        || (!GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0) && !GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0))) {
        std::fprintf(stderr, "consolebreak: process %lu cannot be asked to stop: error %lu\n", process,
            GetLastError());
        return 1;
    }
    return 0;
}

// SPDX-License-Identifier: MIT
#include "app/compose/standarddescriptors.h"

#include <QtGlobal>

#ifdef Q_OS_UNIX
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>
#endif

namespace rr {

void openStandardDescriptors()
{
#ifdef Q_OS_UNIX
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
        // The lowest one that is free is given: this one, since those below it are open.
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            ::open("/dev/null", O_RDWR);
    }
#endif
}

} // namespace rr

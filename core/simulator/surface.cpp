// SPDX-License-Identifier: MIT
#include "core/simulator/surface.h"

#include <QByteArrayView>

namespace rr {

namespace {

constexpr QByteArrayView liveSessions = "/live/sessions";

QByteArrayView withoutPrefix(QByteArrayView path)
{
    for (const QByteArrayView prefix : {QByteArrayView("/openai/v1"), QByteArrayView("/v1")}) {
        if (path.startsWith(prefix))
            return path.sliced(prefix.size());
    }
    return path;
}

} // namespace

std::optional<SurfacePath> surfaceAt(QByteArrayView path)
{
    const QByteArrayView rest = withoutPrefix(path);
    if (rest == QByteArrayView("/realtime"))
        return SurfacePath{Surface::Realtime};
    if (rest == QByteArrayView("/realtime/translations"))
        return SurfacePath{Surface::Translations};
    if (rest == liveSessions)
        return SurfacePath{Surface::Live};
    if (!rest.startsWith(liveSessions) || rest[liveSessions.size()] != '/')
        return {};
    const QByteArrayView inSession = rest.sliced(liveSessions.size() + 1);
    const qsizetype slash = inSession.indexOf('/');
    if (slash < 1)
        return {};
    const QByteArrayView what = inSession.sliced(slash);
    if (what != QByteArrayView("/attach") && what != QByteArrayView("/fork"))
        return {};
    return SurfacePath{what == QByteArrayView("/fork") ? Surface::LiveFork : Surface::LiveAttach,
        inSession.first(slash).toByteArray()};
}

} // namespace rr

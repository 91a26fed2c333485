// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

namespace rr {

/// What OpenAI serves by WebSocket, each at a path of its own.
enum class Surface : quint8 { Realtime, Translations, Live, LiveAttach, LiveFork };

/// Where a request wants to go. A plain value.
struct SurfacePath
{
    Surface surface = Surface::Realtime;
    QByteArray sessionId{}; ///< of Live's attach and fork, as it stands in the path
};

/// From a request's path, with or without /v1, or /openai/v1 as at Azure. nullopt: nothing is served there.
std::optional<SurfacePath> surfaceAt(QByteArrayView path);

} // namespace rr

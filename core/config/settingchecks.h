// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <optional>

/// The checks of single values that a range cannot say. Each brings the text into the form that is stored
/// (without a trailing slash, "localhost" as 127.0.0.1) and returns what is wrong, as a sentence without
/// capital and full stop. What a check refuses may hold a password: no sentence repeats it.
namespace rr {

std::optional<QString> checkListenAddress(QString &text);
std::optional<QString> checkTrustedProxy(QString &text);
std::optional<QString> checkUpstreamUrl(QString &text);
/// Empty is right: no proxy.
std::optional<QString> checkUpstreamProxy(QString &text);
std::optional<QString> checkOriginPattern(QString &text);
/// Empty is right: no file. Otherwise a file that this process can open.
std::optional<QString> checkReadableFile(QString &text);

} // namespace rr

// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QString>

#include <optional>

/// The checks of single values that a range cannot say. Each brings the text into the form that is stored
/// (without a trailing slash, "localhost" as 127.0.0.1) and returns what is wrong, as a sentence without
/// capital and full stop. What a check refuses may hold a password: no sentence repeats it.
namespace rr {

std::optional<Sentence> checkListenAddress(QString &text);
std::optional<Sentence> checkTrustedProxy(QString &text);
std::optional<Sentence> checkUpstreamUrl(QString &text);
/// Empty is right: no proxy. Also of what the environment says. Without a scheme it is an HTTP proxy, as for curl. Whether
/// socks5:// or socks5h://, the proxy looks up the upstream's name.
std::optional<Sentence> checkUpstreamProxy(QString &text);
std::optional<Sentence> checkOriginPattern(QString &text);
/// A host's name as it stands in a Host header, "*." and a name, or "*". Addresses are taken, too.
std::optional<Sentence> checkHostName(QString &text);
/// See forwardHeaderProblem().
std::optional<Sentence> checkForwardHeader(QString &text);
/// OLD=NEW, OLD= or none, see core/realtime/modelaliases.h. Blanks around the names are taken off.
std::optional<Sentence> checkModelAlias(QString &text);
/// Empty is right: no token. Otherwise what can follow "Bearer " (RFC 6750 2.1).
std::optional<Sentence> checkStatsToken(QString &text);
/// Empty is right: no key. Otherwise what can stand in a header: visible ASCII without blanks, and no access token.
std::optional<Sentence> checkApiKey(QString &text);
/// Empty is right: no store. Otherwise sqlite:FILE, or postgresql://USER:PASSWORD@HOST:PORT/DATABASE, of which only the database
/// must be there.
std::optional<Sentence> checkStoreUrl(QString &text);
/// Empty is right: no budget. Otherwise dollars, as a decimal number from 0.01 to 1000000. Noughts that say nothing are taken
/// off.
std::optional<Sentence> checkBudget(QString &text);
/// A decimal number from 0.01 to 10. Noughts that say nothing are taken off.
std::optional<Sentence> checkPriceFactor(QString &text);
/// Empty is right: no file. Otherwise a file that this process can open.
std::optional<Sentence> checkReadableFile(QString &text);

} // namespace rr

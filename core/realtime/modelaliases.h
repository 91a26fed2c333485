// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QStringList>

#include <span>

/// Which model answers for one that is asked for by a name that OpenAI has retired. The entries are those of
/// Settings::modelAliases: OLD=NEW adds a name to the built-in ones or takes the place of one, OLD= takes it out, and the word
/// none, wherever it stands, takes out all the built-in ones. Names are compared byte for byte; nothing is looked up twice.
namespace rr {

struct ModelAlias
{
    QByteArrayView asked;
    QByteArrayView answers;
};

/// From OpenAI's page of deprecations: what it names there in the place of each. doc/beta.md has the same table.
std::span<const ModelAlias> builtInModelAliases();

/// The name that goes upstream; `asked` itself when it has no other.
QByteArray answeringModel(const QByteArray &asked, const QStringList &entries);

/// The query with the value of each `model` in it replaced so, all else byte for byte.
QByteArray withAnsweringModel(const QByteArray &query, const QStringList &entries);

} // namespace rr

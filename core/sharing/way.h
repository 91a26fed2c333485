// SPDX-License-Identifier: MIT
#pragma once

#include "core/base/sentence.h"

#include <QList>
#include <QMap>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

namespace rr {

/// A field of a way that whoever shares fills in once.
struct Ask
{
    /// What may be in it: see problemOf().
    enum class Kind { Text, Name, Number, Destination, Place, Address, File, Command, Secret };

    QString name; ///< of its placeholder: "destination" for {destination}
    Kind kind = Kind::Text;
    Sentence title; ///< "Server"
    QString example; ///< "user@server.example.org"
    QString preset; ///< what stands in it from the start; may be empty
    bool isOptional = false;
};

/// What is wrong with what was filled in; nothing: it can be used. What a program could take for an option of its own is
/// refused here, once for all ways.
std::optional<Sentence> problemOf(const Ask &ask, const QString &value);

/// The address without anything behind the host and port, as people write it: "relay.example.org" is one, too. Empty:
/// it is none, or not https.
QUrl publicAddress(const QString &text);

/// Where a way's public address comes from, and where it is seen that the way stands.
struct WayUrl
{
    enum class From { Fixed, Output, Http };

    From from = From::Fixed;
    QString value; ///< Fixed: the address. Output: it, where the field in it was filled in
    QString
        pattern; ///< Output: of a line, with one group. Http: of a line, where that is quicker; may be empty
    bool last = false; ///< Output: each match counts, not the first alone
    QString address; ///< Http: what is asked, on this machine
    QString pointer; ///< Http: JSON pointer of it in the answer, or …
    QString find; ///< … a pattern of the text in the answer that is it
    QString prefix; ///< Http: before what was found
};
struct WayReady
{
    enum class From { Url, Output, Http };

    From from = From::Url; ///< Url: with the address
    QString pattern; ///< Output
    QString address; ///< Http
    int status = 200; ///< Http
};

/// What a line, or how the program ended, says went wrong.
struct WayFailure
{
    QRegularExpression pattern;
    QList<int> exits; ///< that say the same where no line said anything, and the way was not ready
    QString code; ///< "auth", "place_taken"; what it means: wayFailure()
    bool isFinal = false; ///< trying again cannot help
    bool isAside = false; ///< the way goes on; the reason only where no other line gives one
    QString run; ///< the command that mends it
    bool restarts = false; ///< the program would go on, to no end
    std::chrono::seconds wait{0}; ///< before the next try, at least
    int link = 0; ///< this group is a page to open, and the program waits until that is done
    QString use; ///< the way to take instead
    QMap<QString, QString>
        env; ///< of the runs after this one; begins one at once where the way was not ready
};

/// Who ends TLS on a way, and so can read what passes: callers' keys and tokens, speech and text.
enum class TlsEnd {
    OwnServer, ///< the operator's own web server
    Service, ///< Way::keeper
    Here, ///< this machine: nobody on the way can read
    Unknown, ///< depends on the command
};

/// A way to be reached from the internet: a program that carries a public https address to a port of this machine. A row
/// of resources/share/ways.json (doc/sharing.md has its form); a plain value.
struct Way
{
    enum class Stdin { Open, Null };
    enum class Stop { Stdin, Interrupt, Terminate, Kill };

    QString id; ///< "ssh-server"
    Sentence title;
    QString program; ///< looked for by findProgram(); or a placeholder
    QStringList paths; ///< where it may be besides PATH, on this system
    QString installCommand; ///< that installs it on this system; may be empty
    QString installPage; ///< that says how; may be empty
    QStringList
        args; ///< with placeholders: the fields', {port}, and {metrics} and {aux}, which are free ports
    QList<Ask> ask;
    QMap<QString, std::optional<QString>> env; ///< texts are set, the others taken away
    Stdin input = Stdin::Null;
    WayUrl url;
    WayReady ready;
    bool settlesDns = false; ///< its address is a new name: public resolvers are asked before this system's
    QList<WayFailure> failures;
    QList<Stop> stop; ///< in this order …
    std::chrono::seconds grace{3}; ///< … so far apart
    std::chrono::seconds lasts{0}; ///< ends by itself then; 0: does not

    // What is to be known before the first share.
    TlsEnd tlsEnd = TlsEnd::Unknown;
    QString keeper; ///< of the service: "Cloudflare"; empty: nobody but oneself
    Sentence account; ///< what it takes to use it, and what that costs
    QList<Sentence> facts; ///< limits, what becomes of the address, who learns of it
    bool onlyWhereFound = false; ///< not worth a line where its program is not installed
    /// Lines that were seen, and what is to be understood: an address, a failure's code, "ready"; null: nothing. For the test.
    QList<std::pair<QString, QString>> lines;

    /// In one sentence: who can read what passes.
    Sentence whoReads() const;
};

/// The rows of such a file, or what is wrong with it, in which row: English, for whoever writes rows. Any thread.
std::variant<QList<Way>, QString> readWays(const QByteArray &json);

/// In the order in which they are shown; the first is the one to recommend. Any thread.
QList<Way> builtInWays();
std::optional<Way> wayCalled(const QString &id);

/// Whether a way's program is on this machine.
struct Finding
{
    QString program; ///< its path, or the name where it was not found
    bool found = false;
    Sentence howToGet; ///< where it was not found: what to do, with the very command where there is one
};
/// Looks into PATH, then where the program is installed by custom. For a way whose program is a field, found is true.
Finding findProgram(const Way &way);

} // namespace rr

// SPDX-License-Identifier: MIT
#include "core/store/store.h"

#include "core/base/randomtext.h"
#include "core/store/history.h"
#include "core/store/historycsv.h"
#include "core/store/keeper.h"
#include "core/store/reader.h"
#include "core/store/storethread.h"
#include "core/store/tokentable.h"

#include <QTimer>

#include <utility>

namespace rr {

using namespace std::chrono_literals;

namespace {

constexpr auto patienceAtEnd = 5s;
constexpr auto patienceWithThread = 12s; ///< whose statement ends by itself in ten
constexpr auto patienceWithKeeper = 4s; ///< until it is taken for away, with those who wait for it
constexpr auto betweenWatches = 500ms;

const Ledger::Grant awayGrant;

/// What no waiting mends.
bool isFinal(const RelayError &error)
{
    return error.code != "store_away";
}

} // namespace

struct Store::Parts
{
    StoreUrl url;
    CallReceiver receiver;
    std::shared_ptr<StoreOutlet> outlet = std::make_shared<StoreOutlet>(&receiver);
    std::shared_ptr<StoreState> state;
    std::shared_ptr<StoreQueue> queue = std::make_shared<StoreQueue>();
    std::shared_ptr<Reader> reader;
    std::unique_ptr<StoreThread> keeping;
    std::unique_ptr<StoreThread> reading;
    QTimer watch; ///< on the keeper

    void ask(StoreQuestion question)
    {
        if (!queue->ask(std::move(question)))
            outlet->post([all = queue] { refuse(all->takeRefused()); });
    }
    static void refuse(const std::vector<StoreQuestion> &questions)
    {
        for (const StoreQuestion &question : questions)
            question.refuse();
    }

    /// Something that changes a token. `change` returns an answer, in which "store_away" says that it failed. `undo` is called
    /// where it was done too late: it was answered that the store is away. False: it failed.
    template <typename Answer>
    void change(std::function<Answer(Keeper &)> change, std::function<RelayError(const Answer &)> errorOf,
        std::function<void(Answer)> then, std::function<bool(Keeper &, const Answer &)> undo = {});
    /// Something that is read. `read` returns nullopt where it failed.
    template <typename Value>
    void read(
        std::function<std::optional<Value>(Database &)> read, std::function<void(StoreAnswer<Value>)> then);
};

template <typename Answer>
void Store::Parts::change(std::function<Answer(Keeper &)> change,
    std::function<RelayError(const Answer &)> errorOf, std::function<void(Answer)> then,
    std::function<bool(Keeper &, const Answer &)> undo)
{
    const auto once
        = std::make_shared<Once<Answer>>([way = outlet, then = std::move(then)](const Answer &answer) {
              way->post([then, answer] { then(answer); });
          });
    ask({[once, change = std::move(change), errorOf = std::move(errorOf), undo = std::move(undo)](
             Keeper &keeper) {
             const Answer answer = change(keeper);
             if (errorOf(answer).code == "store_away")
                 return false;
             keeper.look(); // so that it is in the book when it is answered; where that fails, a second later
             return (*once)(answer) || !undo || undo(keeper, answer);
         },
        [once, seen = state] {
            (*once)(RelayError{"store_away", "storeUrl", seen->why()});
        }});
}

template <typename Value>
void Store::Parts::read(
    std::function<std::optional<Value>(Database &)> read, std::function<void(StoreAnswer<Value>)> then)
{
    const auto answer = [way = outlet, then = std::move(then)](
                            const StoreAnswer<Value> &value) { way->post([then, value] { then(value); }); };
    reader->add({[read = std::move(read), answer](Database &database) {
                     const std::optional<Value> value = read(database);
                     if (value)
                         answer(*value);
                     return value.has_value();
                 },
        [answer](const RelayError &error) { answer(error); }});
}

std::variant<std::unique_ptr<Store>, RelayError> Store::open(const Options &options)
{
    const auto url = parseStoreUrl(options.url);
    if (const auto *error = std::get_if<RelayError>(&url))
        return *error;
    auto parts = std::make_unique<Parts>();
    parts->url = std::get<StoreUrl>(url);
    parts->state = std::make_shared<StoreState>(options.historyDays, options.relayUsdADay);
    parts->reader = std::make_shared<Reader>(parts->url, parts->state);
    std::unique_ptr<Store> store(new Store(std::move(parts)));
    Parts &all = *store->m_parts;

    // A name alone would be that of a relay that was killed and started again, too.
    const QString random = QString::fromLatin1(randomText());
    const QString owner = options.relay.isEmpty() ? random : storable(options.relay, 100) + u'/' + random;
    const auto tell = [way = all.outlet, self = store.get()](Keeper::Change change) {
        way->post([self, change] {
            if (change == Keeper::Change::Book)
                Q_EMIT self->bookChanged();
            else if (change == Keeper::Change::Stand)
                Q_EMIT self->standChanged();
            else
                Q_EMIT self->budgetsChanged();
        });
    };
    const auto keeper = std::make_shared<Keeper>(
        all.url, owner, options.clock, options.betweenLooks, all.queue, all.state, tell);
    all.keeping = std::make_unique<StoreThread>([keeper] { keeper->run(); });
    all.reading = std::make_unique<StoreThread>([reader = all.reader] { reader->run(); });

    const bool isFile = all.url.engine == StoreUrl::Engine::Sqlite;
    const auto opened
        = all.state->waitUntilOpened(isFile ? options.patienceWithFile : options.patienceWithServer);
    if (opened.error && (isFile || isFinal(*opened.error)))
        return *opened.error;
    return store;
}

Store::Store(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
    connect(&m_parts->watch, &QTimer::timeout, this, [this] {
        const auto refused = m_parts->queue->refuseIfStuck(patienceWithKeeper);
        if (!m_parts->queue->isStuck() || m_parts->state->isAway())
            return Parts::refuse(refused);
        m_parts->state->setStand(true,
            {QT_TRANSLATE_NOOP("Core",
                 "The store %1 does not answer. Check that its database runs, and that the disk under it is well."),
                {m_parts->url.shown()}});
        Parts::refuse(refused);
        Q_EMIT standChanged();
    });
    m_parts->watch.start(betweenWatches);
}

Store::~Store()
{
    m_parts->outlet->close();
    m_parts->queue->stop(patienceAtEnd);
    m_parts->reader->stop();
    if (m_parts->keeping)
        m_parts->keeping->join(patienceWithThread);
    if (m_parts->reading)
        m_parts->reading->join(patienceAtEnd);
    // Whoever has asked is answered, also where a thread hangs in its database.
    Parts::refuse(m_parts->queue->setAway(true));
    Parts::refuse(m_parts->queue->takeRefused());
}

void Store::setHistoryDays(int days)
{
    m_parts->state->setHistoryDays(days);
}

void Store::setRelayBudget(Money usdADay)
{
    m_parts->state->setRelayBudget(usdADay);
}

std::shared_ptr<const AccessBook> Store::book() const
{
    return m_parts->state->book();
}

QList<AccessTerms> Store::tokens() const
{
    return m_parts->state->tokens();
}

StoreStand Store::stand() const
{
    const StoreRows told = rows();
    return {m_parts->state->isAway(), m_parts->state->why(), told.waiting, told.dropped};
}

StoreRows Store::rows() const
{
    return {m_parts->queue->waiting(), m_parts->queue->dropped()};
}

QList<BudgetStand> Store::budgets() const
{
    return m_parts->state->budgets();
}

namespace {

template <typename Value>
RelayError errorIn(const StoreAnswer<Value> &answer)
{
    const auto *error = std::get_if<RelayError>(&answer);
    return error ? *error : RelayError();
}

} // namespace

void Store::addToken(const AccessTerms &terms, std::function<void(StoreAnswer<NewToken>)> then)
{
    m_parts->change<StoreAnswer<NewToken>>(
        [terms](Keeper &keeper) { return tokentable::add(keeper.database(), terms, keeper.now()); },
        errorIn<NewToken>, std::move(then),
        // Nobody has it, and whoever wanted it will make another one of the same name.
        [](Keeper &keeper, const StoreAnswer<NewToken> &answer) {
            const auto *made = std::get_if<NewToken>(&answer);
            return !made || !tokentable::revoke(keeper.database(), made->terms.id, keeper.now());
        });
}

void Store::setToken(const AccessTerms &terms, std::function<void(StoreAnswer<AccessTerms>)> then)
{
    m_parts->change<StoreAnswer<AccessTerms>>(
        [terms](Keeper &keeper) { return tokentable::set(keeper.database(), terms); }, errorIn<AccessTerms>,
        std::move(then));
}

void Store::revokeToken(qint64 id, std::function<void(std::optional<RelayError>)> then)
{
    m_parts->change<std::optional<RelayError>>(
        [id](Keeper &keeper) { return tokentable::revoke(keeper.database(), id, keeper.now()); },
        [](const std::optional<RelayError> &error) { return error.value_or(RelayError()); }, std::move(then));
}

void Store::history(const HistoryQuery &query, std::function<void(StoreAnswer<HistoryPage>)> then)
{
    m_parts->read<HistoryPage>(
        [query](Database &database) { return history::page(database, query); }, std::move(then));
}

void Store::sums(SumBy by, const HistoryQuery &query, std::function<void(StoreAnswer<QList<UsageSum>>)> then)
{
    m_parts->read<QList<UsageSum>>(
        [by, query](Database &database) { return history::sums(database, by, query); }, std::move(then));
}

void Store::writeCsv(
    const HistoryQuery &query, const QString &file, std::function<void(std::optional<RelayError>)> then)
{
    const auto answer
        = [way = m_parts->outlet, then = std::move(then)](
              const std::optional<RelayError> &error) { way->post([then, error] { then(error); }); };
    m_parts->reader->add({[query, file, answer, reader = std::weak_ptr(m_parts->reader)](Database &database) {
                              const auto isStopped = [&reader] {
                                  const auto there = reader.lock();
                                  return !there || there->isStopped();
                              };
                              const auto error = historycsv::write(database, query, file, isStopped);
                              if (error && error->code == "store_away")
                                  return false;
                              answer(error);
                              return true;
                          },
        [answer](const RelayError &error) { answer(error); }});
}

void Store::reserve(qint64 token, std::function<void(const Grant &)> then)
{
    const auto once = std::make_shared<Once<Grant>>(std::move(then));
    m_parts->ask({[once, token](Keeper &keeper) {
                      const bool hadOne = keeper.slices().has(token);
                      const auto grant = keeper.slices().grant(token, keeper.now().toMSecsSinceEpoch());
                      if (!grant)
                          return false;
                      // Nobody waits for it any more, and nobody would give it back.
                      if ((*once)(*grant) || hadOne
                          || writeRows(keeper.database(), keeper.slices(), {SliceGivenBack{token}}))
                          return true;
                      keeper.slices().forget({token}); // so that it expires, and is not renewed for nobody
                      return false;
                  },
        [once] { (*once)(awayGrant); }});
}

void Store::giveBack(qint64 token)
{
    m_parts->queue->add(SliceGivenBack{token});
}

void Store::keepMinted(
    const QByteArray &hash, const Minted &minted, const QDateTime &expiresAt, std::function<void(bool)> then)
{
    const auto once = std::make_shared<Once<bool>>(std::move(then));
    m_parts->ask({[once, hash, minted, expiresAt](Keeper &keeper) {
                      if (!tokentable::keepMinted(keeper.database(), hash, minted, expiresAt))
                          return false;
                      (*once)(true);
                      return true;
                  },
        [once] { (*once)(false); }});
}

void Store::findMinted(const QByteArray &hash, std::function<void(std::optional<Minted>)> then)
{
    const auto once = std::make_shared<Once<std::optional<Minted>>>(std::move(then));
    m_parts->ask({[once, hash](Keeper &keeper) {
                      const auto minted = tokentable::findMinted(keeper.database(), hash, keeper.now());
                      if (!minted)
                          return false;
                      (*once)(minted);
                      return true;
                  },
        [once] { (*once)({}); }});
}

void Store::add(const UsageEntry &entry)
{
    m_parts->queue->add(entry);
}

void Store::begin(const CallEntry &entry)
{
    m_parts->queue->add(CallBegun{entry});
}

void Store::end(const CallEntry &entry)
{
    m_parts->queue->add(CallEnded{entry});
}

} // namespace rr

// SPDX-License-Identifier: MIT
#include "core/simulator/models.h"

using namespace Qt::StringLiterals;

namespace rr {

namespace {

// RealtimeSessionCreateRequestGA of openai/openai-openapi, commit f85dbe2, without those below.
const QStringList &realtimeModels()
{
    static const QStringList models{u"gpt-realtime"_s, u"gpt-realtime-2025-08-28"_s, u"gpt-realtime-1.5"_s,
        u"gpt-realtime-2"_s, u"gpt-realtime-2.1"_s, u"gpt-realtime-2.1-mini"_s, u"gpt-realtime-mini"_s,
        u"gpt-realtime-mini-2025-12-15"_s, u"gpt-audio-1.5"_s, u"gpt-audio-mini"_s,
        u"gpt-audio-mini-2025-10-06"_s, u"gpt-audio-mini-2025-12-15"_s};
    return models;
}

const QStringList &liveModels()
{
    static const QStringList models{u"gpt-live-1"_s, u"gpt-live-1.1"_s};
    return models;
}

const QStringList &translationModels()
{
    static const QStringList models{u"gpt-realtime-translate"_s};
    return models;
}

// AudioTranscription of the same commit. They belong into a session's configuration, not into its URL.
const QStringList &transcriptionModels()
{
    static const QStringList models{u"whisper-1"_s, u"gpt-transcribe"_s, u"gpt-live-transcribe"_s,
        u"gpt-4o-transcribe"_s, u"gpt-4o-transcribe-diarize"_s, u"gpt-4o-mini-transcribe"_s,
        u"gpt-4o-mini-transcribe-2025-12-15"_s, u"gpt-realtime-whisper"_s};
    return models;
}

// As OpenAI's page on deprecations announced it: all of them until July 2026.
const QStringList &retiredModels()
{
    static const QStringList models{u"gpt-4o-realtime-preview"_s, u"gpt-4o-realtime-preview-2024-10-01"_s,
        u"gpt-4o-realtime-preview-2024-12-17"_s, u"gpt-4o-realtime-preview-2025-06-03"_s,
        u"gpt-4o-mini-realtime-preview"_s, u"gpt-4o-mini-realtime-preview-2024-12-17"_s,
        u"gpt-realtime-mini-2025-10-06"_s};
    return models;
}

const QStringList &modelsOf(Surface surface)
{
    switch (surface) {
    case Surface::Realtime:
        return realtimeModels();
    case Surface::Translations:
        return translationModels();
    case Surface::Live:
    case Surface::LiveAttach:
    case Surface::LiveFork:
        break;
    }
    return liveModels();
}

bool isAnothers(Surface surface, const QString &model)
{
    for (const Surface other : {Surface::Realtime, Surface::Translations, Surface::Live}) {
        if (other != surface && modelsOf(other).contains(model))
            return true;
    }
    return transcriptionModels().contains(model);
}

} // namespace

Models::Models(const QString &list)
    : m_named(list.split(u',', Qt::SkipEmptyParts))
    , m_any(m_named.removeAll(u"any"_s) > 0)
{
}

std::optional<ApiError> Models::refusal(Surface surface, const QString &model) const
{
    const bool listed
        = m_named.isEmpty() && !m_any ? modelsOf(surface).contains(model) : m_named.contains(model);
    if (listed || (m_any && !retiredModels().contains(model)))
        return {};
    if (surface == Surface::Realtime && isAnothers(surface, model)) {
        return ApiError{u"invalid_model"_s,
            u"Model \"%1\" is not supported in realtime mode. See https://platform.openai.com/docs/models for a "
            "list of supported models."_s.arg(model),
            u"model"_s};
    }
    return ApiError{u"model_not_found"_s,
        u"The model `%1` does not exist or you do not have access to it."_s.arg(model), u"model"_s};
}

} // namespace rr

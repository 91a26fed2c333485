# SPDX-License-Identifier: MIT
# What every target of the project shares, said once.

add_library(relay_flags INTERFACE)
target_include_directories(relay_flags INTERFACE ${PROJECT_SOURCE_DIR})
# Not QT_USE_QSTRINGBUILDER: a lambda that returns a sum of strings would return references to what is gone.
target_compile_definitions(relay_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_CONTEXTLESS_CONNECT QT_NO_FOREACH QT_STRICT_ITERATORS
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
# Where sources are compiled together a name of one does not shadow another's.
set(together "$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>")
if(MSVC)
    target_compile_options(relay_flags INTERFACE /W4 /utf-8 $<$<BOOL:${RELAY_WERROR}>:/WX> $<${together}:/wd4459>)
else()
    target_compile_options(relay_flags INTERFACE -Wall -Wextra -Wpedantic $<$<NOT:${together}>:-Wshadow> -Wnon-virtual-dtor
        -Woverloaded-virtual -Wold-style-cast -Wcast-qual -Wextra-semi -Wformat=2 -Wsuggest-override
        $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wduplicated-branches;-Wredundant-move>
        $<$<BOOL:${RELAY_WERROR}>:-Werror>)
    if(RELAY_SANITIZE)
        target_compile_options(relay_flags INTERFACE -fsanitize=${RELAY_SANITIZE}
            -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(relay_flags INTERFACE -fsanitize=${RELAY_SANITIZE})
    endif()
endif()

# What a mistake in memory meets: for everything below this folder. _FORTIFY_SOURCE needs optimised code, and the
# sanitizers see more without it.
function(relay_harden)
    if(MSVC)
        return()
    endif()
    add_compile_options(-fstack-protector-strong -D_GLIBCXX_ASSERTIONS)
    if(NOT RELAY_SANITIZE)
        # Some compilers come with a value of their own.
        add_compile_options("$<$<NOT:$<CONFIG:Debug>>:SHELL:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>")
    endif()
    if(NOT APPLE AND NOT WIN32)
        add_link_options(-Wl,-z,relro,-z,now)
    endif()
endfunction()
relay_harden()

# Parses what nearly every source includes once for all: relay_precompiled(NAME HEADERS… LINKS…) makes such a header,
# relay_precompile(TARGET NAME) uses it, and has a few sources compiled as one, for most of the time goes into templates that
# all of them instantiate; so no two in a folder may have a name in common that others do not see. The preset "includes" does
# without both (CMAKE_DISABLE_PRECOMPILE_HEADERS), so that a source that forgets an include is found.
function(relay_precompiled name)
    cmake_parse_arguments(arg "" "" "HEADERS;LINKS;OPTIONS" ${ARGN})
    add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    target_link_libraries(${name} PUBLIC relay_flags ${arg_LINKS})
    target_compile_options(${name} PRIVATE ${arg_OPTIONS})
    target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
endfunction()
function(relay_precompile target name)
    if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
        target_precompile_headers(${target} REUSE_FROM ${name})
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
        # For g++ takes them for headers.
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    endif()
endfunction()
relay_precompiled(relay_precompiled_core HEADERS <QtCore> LINKS Qt6::Core)
if(RELAY_DESKTOP)
    relay_precompiled(relay_precompiled_ui HEADERS <QtWidgets> LINKS Qt6::Widgets)
endif()

# relay_library(NAME SOURCES ... [LINKS ...]): one folder of core/, ui/ or app/ as a static library.
function(relay_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC relay_flags Qt6::Core ${arg_LINKS})
    if(name MATCHES "^ui_")
        target_link_libraries(${name} PUBLIC Qt6::Widgets)
        relay_precompile(${name} relay_precompiled_ui)
    else()
        relay_precompile(${name} relay_precompiled_core)
    endif()
endfunction()

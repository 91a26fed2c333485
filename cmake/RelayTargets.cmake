# SPDX-License-Identifier: MIT
# What every target of the project shares, said once.

add_library(relay_flags INTERFACE)
target_include_directories(relay_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(relay_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_KEYWORDS
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_FOREACH
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)
if(MSVC)
    target_compile_options(relay_flags INTERFACE /W4 /utf-8 $<$<BOOL:${RELAY_WERROR}>:/WX>)
else()
    target_compile_options(relay_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
        -Woverloaded-virtual $<$<BOOL:${RELAY_WERROR}>:-Werror>)
    if(RELAY_SANITIZE)
        target_compile_options(relay_flags INTERFACE -fsanitize=${RELAY_SANITIZE}
            -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(relay_flags INTERFACE -fsanitize=${RELAY_SANITIZE})
    endif()
endif()

# Parses what nearly every source includes once for all. A sanitizer's build has this, so that a source that forgets an
# include is found by the other ones.
if(RELAY_SANITIZE)
    add_library(relay_precompiled STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
    target_link_libraries(relay_precompiled PUBLIC relay_flags Qt6::Core)
    target_precompile_headers(relay_precompiled PRIVATE <QtCore>)
endif()
function(relay_precompile target)
    if(RELAY_SANITIZE)
        target_precompile_headers(${target} REUSE_FROM relay_precompiled)
    endif()
endfunction()

# relay_library(NAME SOURCES ... [LINKS ...]): one folder of core/ or ui/ as a static library.
function(relay_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC relay_flags Qt6::Core ${arg_LINKS})
    relay_precompile(${name})
endfunction()

# What the sanitizers' runtimes are told, for every test.
set(RELAY_SANITIZER_ENVIRONMENT
    "ASAN_OPTIONS=strict_string_checks=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp"
    # Qt was built without ThreadSanitizer, which cannot see how it keeps its threads apart.
    "TSAN_OPTIONS=ignore_noninstrumented_modules=1:history_size=4:die_after_fork=0")

# relay_test(PATH/tst_NAME [LINKS ...]): one Qt Test program, registered with ctest under its path.
function(relay_test name)
    cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
    get_filename_component(target ${name} NAME)
    add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/${name}.cpp)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${target} PRIVATE relay_flags Qt6::Test ${arg_LINKS})
    relay_precompile(${target})
    add_test(NAME ${name} COMMAND ${target})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=;${RELAY_SANITIZER_ENVIRONMENT}")
endfunction()

# SPDX-License-Identifier: MIT
# How tests are built. Included by tests/CMakeLists.txt.

# Tests are built to be built quickly; what they test is built as users run it. A QByteArray is a message of theirs as it
# is (QVERIFY2).
if(NOT MSVC)
    # Qt tells each folder's tests where that folder is, by which they could not share a precompiled header.
    set(quickly -O0 -U_FORTIFY_SOURCE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR -UQT_NO_CAST_FROM_BYTEARRAY)
endif()
# Their includes need not stay honest: the preset "includes" is for what they test.
set(CMAKE_DISABLE_PRECOMPILE_HEADERS OFF)
relay_precompiled(relay_precompiled_tests HEADERS <QtCore> <QtNetwork> <QtTest>
    LINKS Qt6::Network Qt6::Test OPTIONS ${quickly})
if(RELAY_DESKTOP)
    relay_precompiled(relay_precompiled_uitests HEADERS <QtWidgets> <QtNetwork> <QtTest>
        LINKS Qt6::Network Qt6::Test Qt6::Widgets OPTIONS ${quickly})
endif()

# What the sanitizers' runtimes are told, for every test.
set(RELAY_SANITIZER_ENVIRONMENT
    "ASAN_OPTIONS=strict_string_checks=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/lsan.supp"
    # Qt was built without ThreadSanitizer, which cannot see how it keeps its threads apart.
    "TSAN_OPTIONS=ignore_noninstrumented_modules=1:history_size=4:die_after_fork=0")

# What tests reach is on this machine, whatever proxy leads out of it.
set(RELAY_TEST_PROXIES "http_proxy=;https_proxy=;all_proxy=;HTTP_PROXY=;HTTPS_PROXY=;ALL_PROXY=")

# Adds the entry NAME of ctest that runs COMMAND… as every test of a class is run.
function(relay_add_test name)
    add_test(NAME ${name} COMMAND ${ARGN})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=;${RELAY_TEST_PROXIES};${RELAY_SANITIZER_ENVIRONMENT}")
endfunction()

# relay_leave_out(NAME…): tests, or folders of them, that are not added here: relay_tests() passes the files over. Every
# other file of tests must be known to ctest; tests/core/house sees to that.
function(relay_leave_out)
    set_property(GLOBAL APPEND PROPERTY RELAY_LEFT_OUT ${ARGN})
endfunction()

# A program TARGET of tests in FOLDER, made of main() in MAIN and built as every one of them is. Tests of ui/ and of the
# desktop have Widgets.
function(relay_add_test_program target folder main)
    set(precompiled relay_precompiled_tests)
    if(folder MATCHES "^ui/|/desktop$")
        set(precompiled relay_precompiled_uitests)
        list(APPEND ARGN Qt6::Widgets)
    endif()
    add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/${main}.cpp)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_compile_options(${target} PRIVATE ${quickly})
    target_link_libraries(${target} PRIVATE relay_flags Qt6::Network Qt6::Test ${ARGN})
    relay_precompile(${target} ${precompiled})
    # Tests include what moc makes of them, so this is empty; to read a precompiled header for it takes seconds.
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${target}_autogen/mocs_compilation.cpp
        PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# relay_tests(FOLDER CLASSES file… [LINKS …]): tst_FILE.cpp of tests/FOLDER in one program, each with an entry of ctest
# under its path. Tests of ui/ and of the desktop get a QApplication, others a QCoreApplication.
function(relay_tests folder)
    cmake_parse_arguments(arg "" "" "CLASSES;LINKS" ${ARGN})
    get_property(left_out GLOBAL PROPERTY RELAY_LEFT_OUT)
    string(REPLACE "/" "_" target "test_${folder}")
    set(main support/guilessmain)
    if(folder MATCHES "^ui/|/desktop$")
        set(main support/widgetsmain)
    endif()
    relay_add_test_program(${target} ${folder} ${main} relay_test_runner ${arg_LINKS})
    foreach(file IN LISTS arg_CLASSES)
        if(${folder}/tst_${file} IN_LIST left_out)
            continue()
        endif()
        set(source ${PROJECT_SOURCE_DIR}/tests/${folder}/tst_${file}.cpp)
        target_sources(${target} PRIVATE ${source})
        file(STRINGS ${source} line REGEX "^RELAY_TEST\\(")
        string(REGEX REPLACE "RELAY_TEST\\((.*)\\)" "\\1" class "${line}")
        relay_add_test(${folder}/tst_${file} ${target} ${class})
    endforeach()
endfunction()

# relay_test_program(FOLDER/tst_NAME [LINKS …]): a test that needs a main() of its own.
function(relay_test_program name)
    cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
    get_filename_component(target ${name} NAME)
    get_filename_component(folder ${name} DIRECTORY)
    relay_add_test_program(${target} ${folder} ${name} ${arg_LINKS})
    relay_add_test(${name} ${target})
endfunction()

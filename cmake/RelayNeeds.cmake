# SPDX-License-Identifier: MIT
# What the build needs of others. What is missing is told with what to do about it, which CMake's own words leave out.

# As for `using enum`.
set(oldest_GNU 11)
set(oldest_Clang 13)
set(oldest_AppleClang 13.1.6)
set(oldest_MSVC 19.29)
set(oldest "${oldest_${CMAKE_CXX_COMPILER_ID}}")
if(oldest AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS oldest)
    message(FATAL_ERROR "The compiler ${CMAKE_CXX_COMPILER} (${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}) is "
        "too old for C++20: ${oldest} is needed, or a later one. Install one, and name it in an empty build folder: "
        "-DCMAKE_CXX_COMPILER=/path/of/it")
endif()

# relay_need_qt(DEBIAN_PACKAGES COMPONENT…): as find_package, in the scope of who asks.
macro(relay_need_qt debian)
    find_package(Qt6 6.4 QUIET COMPONENTS ${ARGN})
    if(NOT Qt6_FOUND)
        set(missing "")
        foreach(component IN ITEMS ${ARGN})
            if(NOT Qt6${component}_FOUND)
                list(APPEND missing ${component})
            endif()
        endforeach()
        list(JOIN missing ", " missing)
        set(seen "${Qt6_CONSIDERED_VERSIONS}")
        list(JOIN seen ", " seen)
        message(FATAL_ERROR "Qt 6.4 or later is needed, and these parts of it are not here: ${missing}. Versions that were "
            "found: ${seen}.\n"
            "  Debian, Ubuntu: apt-get install ${debian}\n"
            "  Elsewhere: install Qt with its headers; if it is in a folder of its own, name that: "
            "-DCMAKE_PREFIX_PATH=/path/of/Qt/6.8.2/gcc_64\n"
            "  The daemon alone (-DRELAY_DESKTOP=OFF -DRELAY_TESTS=OFF) needs Core, Network, Sql and WebSockets.\n"
            "${Qt6_NOT_FOUND_MESSAGE}")
    endif()
endmacro()

macro(relay_need_openssl)
    find_package(OpenSSL 3.0 QUIET)
    if(NOT OpenSSL_FOUND)
        message(FATAL_ERROR "OpenSSL 3.0 or later, with its headers, is needed and not here. Version that was found: "
            "${OPENSSL_VERSION}.\n"
            "  Debian, Ubuntu: apt-get install libssl-dev\n"
            "  Elsewhere: install its development files; if they are in a folder of their own, name that: "
            "-DOPENSSL_ROOT_DIR=/path/of/openssl")
    endif()
endmacro()

# Nayuki's QR Code generator, as the target relay_qrcodegen: the system's, linked into the program, or its source.
macro(relay_need_qrcodegen)
    set(RELAY_QRCODEGEN_SOURCE "" CACHE PATH "Nayuki's QR Code generator (github.com/nayuki/QR-Code-generator), as source")
    add_library(relay_qrcodegen INTERFACE)
    if(RELAY_QRCODEGEN_SOURCE)
        find_path(RELAY_QRCODEGEN_INCLUDE qrcodegen.hpp PATHS ${RELAY_QRCODEGEN_SOURCE}/cpp NO_DEFAULT_PATH)
        if(RELAY_QRCODEGEN_INCLUDE)
            add_library(qrcodegen STATIC ${RELAY_QRCODEGEN_INCLUDE}/qrcodegen.cpp)
            set_target_properties(qrcodegen PROPERTIES AUTOMOC OFF)
            set(RELAY_QRCODEGEN_LIBRARY qrcodegen)
        endif()
    else()
        find_path(RELAY_QRCODEGEN_INCLUDE qrcodegen.hpp PATH_SUFFIXES qrcodegen)
        # The static one first: no package of ours is to depend on a library that few systems have.
        find_library(RELAY_QRCODEGEN_LIBRARY NAMES libqrcodegencpp.a qrcodegencpp)
    endif()
    if(NOT RELAY_QRCODEGEN_INCLUDE OR NOT RELAY_QRCODEGEN_LIBRARY)
        message(FATAL_ERROR "The QR Code generator of Nayuki, for C++, is needed for the window and not here.\n"
            "  Debian, Ubuntu: apt-get install libqrcodegencpp-dev\n"
            "  Elsewhere: git clone --branch v1.8.0 https://github.com/nayuki/QR-Code-generator, and name that folder: "
            "-DRELAY_QRCODEGEN_SOURCE=/path/of/QR-Code-generator\n"
            "  The daemon alone (-DRELAY_DESKTOP=OFF) does without.")
    endif()
    target_include_directories(relay_qrcodegen SYSTEM INTERFACE ${RELAY_QRCODEGEN_INCLUDE})
    target_link_libraries(relay_qrcodegen INTERFACE ${RELAY_QRCODEGEN_LIBRARY})
endmacro()

# relay_take_keychain(): QtKeychain, for the key that is typed in the window; RELAY_KEYCHAIN says whether it is there. Without it the
# window keeps that key in a file that its owner alone can read.
macro(relay_take_keychain)
    find_package(Qt6Keychain QUIET)
    option(RELAY_KEYCHAIN "Keep the key that is typed in the window in the system's keychain (QtKeychain)" ${Qt6Keychain_FOUND})
    if(RELAY_KEYCHAIN AND NOT Qt6Keychain_FOUND)
        message(FATAL_ERROR "QtKeychain for Qt 6 is asked for (RELAY_KEYCHAIN) and not here.\n"
            "  Debian, Ubuntu: apt-get install qtkeychain-qt6-dev\n"
            "  Without it (-DRELAY_KEYCHAIN=OFF) the window keeps the key in a file that its owner alone can read.")
    elseif(NOT RELAY_KEYCHAIN)
        message(STATUS "Without the system's keychain: the key that is typed in the window is kept in a file. "
            "Debian, Ubuntu: apt-get install qtkeychain-qt6-dev")
    endif()
endmacro()

# SPDX-License-Identifier: MIT
# What `cmake --install` lays down, and what CPack makes of it. Components: daemon and, with the window, desktop.
include(GNUInstallDirs)

set(RELAY_MAINTAINER "Realtime Relay contributors <realtime-relay@users.noreply.github.com>")
string(TIMESTAMP RELAY_RELEASE_DATE "%Y-%m-%d" UTC) # of SOURCE_DATE_EPOCH, when that is set
string(TIMESTAMP RELAY_RELEASE_YEAR "%Y" UTC)

install(TARGETS realtime-relayd RUNTIME COMPONENT daemon)
set(relay_components daemon)
if(RELAY_DESKTOP)
    install(TARGETS realtime-relay RUNTIME COMPONENT desktop BUNDLE DESTINATION . COMPONENT desktop)
    list(APPEND relay_components desktop)
endif()

set(CPACK_PACKAGE_NAME realtime-relay)
set(CPACK_PACKAGE_VENDOR "Realtime Relay")
set(CPACK_PACKAGE_CONTACT ${RELAY_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "relay for OpenAI Realtime API calls")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_COMPONENTS_ALL ${relay_components})
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

if(WIN32)
    include(cmake/PackagingWindows.cmake)
elseif(APPLE)
    include(cmake/PackagingMacos.cmake)
else()
    include(cmake/PackagingLinux.cmake)
endif()

include(CPack)

# SPDX-License-Identifier: MIT
# An installer by NSIS: programs, Qt, Start menu, start at login, a firewall rule that is asked for, an uninstaller.
install(CODE "
    find_program(windeployqt NAMES windeployqt6 windeployqt HINTS \"${QT6_INSTALL_PREFIX}/bin\" REQUIRED)
    file(GLOB programs \"\${CMAKE_INSTALL_PREFIX}/bin/realtime-relay*.exe\")
    execute_process(COMMAND \${windeployqt} --no-translations --no-system-d3d-compiler --compiler-runtime \${programs}
        COMMAND_ERROR_IS_FATAL ANY)" COMPONENT daemon)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION . COMPONENT daemon)

# One installer with everything: the daemon's Qt is the desktop's, too.
set(CPACK_MONOLITHIC_INSTALL ON)
set(CPACK_GENERATOR NSIS ZIP)
set(CPACK_PACKAGE_NAME "Realtime Relay")
set(CPACK_PACKAGE_FILE_NAME realtime-relay-${PROJECT_VERSION}-windows-x64)
set(CPACK_PACKAGE_INSTALL_DIRECTORY "Realtime Relay")
set(CPACK_PACKAGE_INSTALL_REGISTRY_KEY RealtimeRelay)
set(CPACK_PACKAGE_EXECUTABLES realtime-relay "Realtime Relay")
set(CPACK_NSIS_PACKAGE_NAME "Realtime Relay")
set(CPACK_NSIS_DISPLAY_NAME "Realtime Relay")
set(CPACK_NSIS_INSTALLED_ICON_NAME bin\\realtime-relay.exe)
set(CPACK_NSIS_URL_INFO_ABOUT ${PROJECT_HOMEPAGE_URL})
set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
set(CPACK_NSIS_MUI_FINISHPAGE_RUN realtime-relay.exe)
file(READ ${PROJECT_SOURCE_DIR}/installer/windows/install.nsh CPACK_NSIS_EXTRA_INSTALL_COMMANDS)
file(READ ${PROJECT_SOURCE_DIR}/installer/windows/uninstall.nsh CPACK_NSIS_EXTRA_UNINSTALL_COMMANDS)

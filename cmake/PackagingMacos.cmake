# SPDX-License-Identifier: MIT
# A bundle with Qt in it, in a disk image. Signing and notarising: installer/macos/README.md.
if(RELAY_DESKTOP)
    set_target_properties(realtime-relay PROPERTIES MACOSX_BUNDLE ON OUTPUT_NAME "Realtime Relay"
        MACOSX_BUNDLE_INFO_PLIST ${PROJECT_SOURCE_DIR}/installer/macos/Info.plist.in)
    set(icon ${PROJECT_BINARY_DIR}/realtime-relay.icns)
    add_custom_command(OUTPUT ${icon} COMMAND ${PROJECT_SOURCE_DIR}/installer/macos/icon.sh ${icon}
        DEPENDS ${PROJECT_SOURCE_DIR}/installer/macos/icon.sh VERBATIM)
    target_sources(realtime-relay PRIVATE ${icon})
    set_source_files_properties(${icon} TARGET_DIRECTORY realtime-relay PROPERTIES MACOSX_PACKAGE_LOCATION Resources)
    install(CODE "
        find_program(macdeployqt NAMES macdeployqt6 macdeployqt HINTS \"${QT6_INSTALL_PREFIX}/bin\" REQUIRED)
        execute_process(COMMAND \${macdeployqt} \"\${CMAKE_INSTALL_PREFIX}/Realtime Relay.app\"
            COMMAND_ERROR_IS_FATAL ANY)" COMPONENT desktop)
endif()
set(CPACK_GENERATOR DragNDrop)
set(CPACK_COMPONENTS_ALL desktop)
set(CPACK_PACKAGE_FILE_NAME realtime-relay-${PROJECT_VERSION}-macos)
set(CPACK_DMG_VOLUME_NAME "Realtime Relay")

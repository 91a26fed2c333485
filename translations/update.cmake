# SPDX-License-Identifier: MIT
# Reads the texts of the window anew from the sources into the files of this folder, or, with INTO, into copies of
# them there, and fails when these are not the same or something is not translated yet:
# cmake -DLUPDATE=FILE [-DINTO=FOLDER] -P update.cmake
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
foreach(language de en)
    set(name realtime-relay_${language}.ts)
    set(folder ${CMAKE_CURRENT_LIST_DIR})
    if(INTO)
        set(folder ${INTO})
        configure_file(${CMAKE_CURRENT_LIST_DIR}/${name} ${folder}/${name} COPYONLY)
    endif()
    # English has a file for its plurals.
    set(plurals "")
    if(language STREQUAL "en")
        set(plurals -pluralonly)
    endif()
    execute_process(
        COMMAND ${LUPDATE} -silent -locations none -no-ui-lines -no-obsolete -I ${root} ${plurals} ${root}/ui
            ${root}/app/desktop ${root}/app/compose ${root}/core -ts ${folder}/${name}
        COMMAND_ERROR_IS_FATAL ANY)
    if(INTO)
        file(READ ${folder}/${name} updated)
        file(READ ${CMAKE_CURRENT_LIST_DIR}/${name} kept)
        if(updated MATCHES "type=\"unfinished\"" OR NOT updated STREQUAL kept)
            message(SEND_ERROR "${name} does not have every text: build the target update_translations, and "
                "translate what is marked as unfinished.")
        endif()
        # lupdate took a class for none, and what is said in it would stay English.
        if(updated MATCHES "<name>rr</name>")
            message(SEND_ERROR "${name} has texts that are in no class: see what lupdate says of \"Class 'rr'\".")
        endif()
    endif()
endforeach()

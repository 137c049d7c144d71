/* Where the sources are. */
#ifndef TESTS_UNIT_ROOT_H
#define TESTS_UNIT_ROOT_H

extern const char unit_source_root[];

#endif

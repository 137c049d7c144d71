/* Where the sources are. */
#include "root.h"

const char unit_source_root[] = OUTCROP_SOURCE_ROOT;

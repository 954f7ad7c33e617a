#ifndef CLIBSQLITE_SHIM_H
#define CLIBSQLITE_SHIM_H

#include <sqlite3.h>

// Swift cannot call C's variadic functions.

/// Lets SQLite no longer count the memory that it has, for which it takes a lock at each piece.
/// To be called before a database is opened; later it has no effect.
static inline int sqlite3_config_no_memory_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif

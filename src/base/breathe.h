/* A pause in long work, for folders that know no tasks: what runs the thread decides whether others go on. */
#ifndef BASE_BREATHE_H
#define BASE_BREATHE_H

/*
 * For loops over what a stranger made long, at a point where nothing that others can see is half done: others may
 * run meanwhile. Nothing happens in a thread that set no function.
 */
void breathe(void);

/* Sets what breathe() calls in this thread; task_breathe() in a task. */
void breathe_set(void (*fn)(void));

#endif

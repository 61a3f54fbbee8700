// Package engine does durable work: one unit of work moves machines, appends
// their events and queues what follows from them, all in one transaction; a
// worker carries the queued tasks out, at least once each; a timer ends what is
// due; a schedule starts regular duties.
//
// The engine knows no noun and no vendor. What is to be done comes in five
// tables: the effects of machines (given to NewUnits), the handlers of tasks, the
// duties, what falls due, and what becomes of failures (given to New). Adding a
// noun adds a line to the tables and nothing here.
//
// Nothing stops the rest: a task of an unknown kind, a handler that panics, a
// record that can't be read are each set aside, visibly, and everything else
// goes on.
package engine

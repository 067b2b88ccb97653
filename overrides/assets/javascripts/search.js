// The reader's search, loaded when the dialog is opened for the first time. Not made yet: it finds nothing and says nothing.
export function attach(_dialog) {}

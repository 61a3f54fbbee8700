// Package imported keeps who has access to applications without a directory, by files that somebody imports, and shows them
// like a directory that can be read and not changed. Whose an account is goes by what the file says and by bindings; whoever
// isn't found that way is nobody, and stays on the list.
package imported

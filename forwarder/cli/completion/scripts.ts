/** What each shell has to know: it asks the command itself, so that its answers are those of the version that is installed. */

/** One candidate a line, its description behind a tab. Nothing: files. */
export const ASKED = '__complete';

const bash = `# bash completion of audit-relay
_audit_relay() {
	local IFS=$'\\n'
	COMPREPLY=($("\${COMP_WORDS[0]}" ${ASKED} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _audit_relay audit-relay
`;

const zsh = `#compdef audit-relay
# zsh completion of audit-relay
_audit_relay() {
	local -a found
	local line
	for line in "\${(@f)$("\${words[1]}" ${ASKED} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		[[ -n $line ]] && found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
	done
	if (( \${#found} )); then
		_describe audit-relay found
	else
		_files
	fi
}
# as a file in fpath it is the function itself
if [[ $funcstack[1] == _audit-relay ]]; then
	_audit_relay "$@"
else
	compdef _audit_relay audit-relay
fi
`;

const fish = `# fish completion of audit-relay
function __audit_relay_complete
	set -l words (commandline -opc)
	set -l typed (commandline -ct)
	set -l found ($words[1] ${ASKED} -- $words[2..-1] "$typed" 2>/dev/null)
	if test (count $found) -gt 0
		printf '%s\\n' $found
	else
		__fish_complete_path "$typed"
	end
end
complete -c audit-relay -e
complete -c audit-relay -f -k -a '(__audit_relay_complete)'
`;

export const scripts = { bash, zsh, fish };
export type Shell = keyof typeof scripts;

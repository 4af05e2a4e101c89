import { useState } from 'preact/hooks';
import { openSoon } from '../api/live';
import { isLoggedIn, logIn } from '../api/login';

/** For `server.auth.token`. */
export function Login() {
	const [isTried, setTried] = useState(isLoggedIn());
	return (
		<form
			class="login"
			onSubmit={(event) => {
				event.preventDefault();
				logIn(event.currentTarget.querySelector('input')!.value);
				setTried(true);
				openSoon();
			}}
		>
			<h1>Log in</h1>
			<label>
				Token
				<input name="token" type="password" required autocomplete="current-password" />
			</label>
			{isTried && (
				<p role="alert" class="bad">
					It is not the token of this process.
				</p>
			)}
			<p class="quiet">It is what server.auth.token of the configuration refers to.</p>
			<button type="submit" class="main">
				Log in
			</button>
		</form>
	);
}

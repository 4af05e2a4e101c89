/** What people have been told of and not yet that it is over. Outlives the process, and is one for all workers that share a database. */

export interface Told {
	/** Which problem: the same for as long as it lasts. */
	key: string;
	/** As it was told, JSON. */
	notice: string;
	/** How long ago anybody saw it last, by the clock of the state. */
	unseenMs: number;
}

export interface ToldChange {
	begun?: readonly Pick<Told, 'key' | 'notice'>[];
	/** Keys. */
	over?: readonly string[];
}

/** Of one notification, by its name. */
export interface ToldStore {
	/** Whether it is `who`'s turn to tell: nobody else's has begun within `forMs` and not ended. */
	begin(name: string, who: string, forMs: number): Promise<boolean>;
	end(name: string, who: string): Promise<void>;
	read(name: string): Promise<Told[]>;
	/** They are still there. */
	seen(name: string, keys: readonly string[]): Promise<void>;
	change(name: string, change: ToldChange): Promise<void>;
}

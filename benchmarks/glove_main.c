/* The published GloVe as four programs, with the arguments that glove_svd.py gives them.
 *
 * Its files are in the source distribution of crucyble 0.1.0.dev4 (src/lib/glove), which made
 * functions of their mains; this makes mains of the functions. For each NAME of vocab_count,
 * cooccur, shuffle and glove:
 *
 *   gcc -O3 -march=native -funroll-loops -pthread -DNAME_FILE='"NAME.c"' -DIS_NAME \
 *       -I src/lib/glove glove_main.c -o NAME -lm
 */

#include <stdio.h>
#include <stdlib.h>

#ifdef IS_cooccur
/* There the log is closed before its last lines are written, which then end up among the pairs. */
#define fclose(file) ((file) == logfile ? 0 : (fclose)(file))
#endif

#include NAME_FILE

int main(int count, char **argument) {
#if defined(IS_vocab_count) /* text, vocabulary */
    return count != 3 || vocab_count(argument[1], argument[2], 0, 0, 5, "vocab_count.log");
#elif defined(IS_cooccur) /* text, vocabulary, pairs, window, temporary files, GB */
    return count != 7 || cooccur(argument[1], argument[2], argument[3], 0, 1, atoi(argument[4]),
                                 argument[5], atof(argument[6]), "cooccur.log");
#elif defined(IS_shuffle) /* pairs, shuffled pairs, temporary files, GB */
    return count != 5 || shuffle(argument[1], argument[2], argument[3], 0, atof(argument[4]));
#else /* shuffled pairs, vocabulary, vectors, dimensions, threads, epochs, x_max */
    if (count != 8) return 1;
    vector_size = atoi(argument[4]);
    num_threads = atoi(argument[5]);
    num_iter = atoi(argument[6]);
    x_max = atof(argument[7]);
    use_binary = 0;
    return train(argument[1], argument[2], argument[3], "gradsq", 0);
#endif
}
